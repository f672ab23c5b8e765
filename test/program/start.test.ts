/** The first of the README's two commands, as a user types it. */
import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { ROOT } from '../meta/tree.ts';

const started = (...args: readonly string[]) =>
  spawnSync('npm', ['start', '--silent', ...args], {
    cwd: ROOT,
    encoding: 'utf8',
    env: { ...process.env, COLUMNS: '100' },
  });

test('npm start explains the 502s of the bundled capture', () => {
  const { status, stdout, stderr } = started();
  expect(status, stderr).toBe(0);
  expect(stdout).toMatch(/^evening[.]pcapng .* requests {2}\d+ of them 502 /m);
  expect(stdout).toMatch(/^i-1 /m);
});

test('npm start -- ARGS runs why502 with them', () => {
  const { status, stdout } = started('--', 'explain', 'stale-keepalive');
  expect(status).toBe(0);
  expect(stdout).toMatch(/^stale-keepalive: /);
});
