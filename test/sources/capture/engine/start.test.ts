import { expect, test } from 'vitest';
import type { PackageName } from '../../../../src/sources/capture/engine/names.ts';
import { ENGINE_WORDS, startEngine } from '../../../../src/sources/capture/engine/start.ts';

const PROGRAM = ENGINE_WORDS.at(-1) ?? '';

test('a process of its own, which has the last word on whether it worked, and says why', async () => {
  const said: string[] = [];
  const wish = { interfaces: ['lo'], ports: [], duration: '1s', said: (line: string) => void said.push(line) };
  const started = startEngine('no-such-package' as PackageName, wish, undefined, ['--import', 'tsx', PROGRAM]);
  expect(started.pid).toBeGreaterThan(0);
  expect(await started.ended).toBe(4);
  expect(said.join('')).toContain('no-such-package is not installed');
  started.stop();
});
