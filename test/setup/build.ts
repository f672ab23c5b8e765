/** Builds dist/ once for the tests of the built program, unless it is up to date. */
import { ensureBuilt } from '../../scripts/prepare.mjs';

export default function setup(): void {
  // The compiler writes files despite errors of types. They are failures elsewhere (npm test, check:static), not here.
  if (!ensureBuilt()) console.error('dist/ was built with errors: the tests of the program may fail because of them');
}
