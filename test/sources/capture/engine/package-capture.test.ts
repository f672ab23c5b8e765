import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { EngineOrder } from '../../../../src/sources/capture/engine/start.ts';

const PROGRAM = join(import.meta.dirname, '../../../../src/sources/capture/engine/package-capture.ts');

test('a package that is not installed is refused with what installs it', () => {
  const order = { engine: 'no-such-package', interfaces: ['lo'], ports: [] } as unknown as EngineOrder;
  const args = ['--import', 'tsx', PROGRAM, JSON.stringify(order)];
  const { status, stderr, stdout } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  expect([status, stdout]).toEqual([4, '']);
  expect(stderr).toContain('the npm package no-such-package is not installed');
  expect(stderr).toContain('libpcap-dev');
});
