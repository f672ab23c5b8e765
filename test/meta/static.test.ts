/** The checks that `npm run check` makes before the tests, so that `npm test` fails for them too. */
import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { ROOT } from './tree.ts';

test.each(packageJson.scripts['check:static'].split(' && '))('%s', (command) => {
  const [name = '', ...args] = command.split(' ');
  const run = spawnSync('npm', ['exec', '--offline', '--no', '--', name, ...args], { cwd: ROOT, encoding: 'utf8' });
  expect(run.status, `${run.stdout}\n${run.stderr}`).toBe(0);
});
