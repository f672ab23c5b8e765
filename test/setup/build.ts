/** Builds dist/ once for the tests of the built program, unless it is up to date. */
import { ensureBuilt } from '../../scripts/prepare.mjs';

export default function setup(): void {
  if (ensureBuilt()) return;
  // The compiler writes files despite errors of types: good enough to go on working, not for CI.
  if (process.env['CI']) throw new Error('dist/ could not be built without errors');
  console.error('dist/ was built with errors: the tests of the program may fail because of them');
}
