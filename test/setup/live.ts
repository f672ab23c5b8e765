/** Live tests need root and some programs: says so at once, in one sentence, instead of in forty failures. */
import { isRoot, missingPrerequisites } from '../../scripts/prerequisites.mjs';

export default function setup(): void {
  if (!isRoot()) throw new Error('live tests need root: sudo npm run test:live');
  const missing = missingPrerequisites();
  if (missing.length === 0) return;
  throw new Error(`live tests need ${missing.map(({ aptPackage }) => aptPackage).join(', ')}: npm test installs them`);
}
