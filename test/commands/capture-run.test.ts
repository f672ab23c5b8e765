import { expect, test } from 'vitest';
import { exitOf, futureSelf, refused, startCapture } from '../../src/commands/capture-run.ts';
import { EXIT } from '../../src/config.ts';
import { stage } from './kit/stage.ts';

test('the exit code is that of the program, where it has one', () => {
  const { world, said } = stage();
  expect([0, 1, 2, 4, -1].map((code) => exitOf(code, world))).toEqual([
    EXIT.done,
    EXIT.refused,
    EXIT.usage,
    EXIT.refused,
    EXIT.refused,
  ]);
  expect(said).toEqual([expect.stringContaining('killed')]);
});

test('a refusal is told with its remedy', () => {
  const { world, said } = stage();
  expect(refused({ kind: 'failure', code: 'X', cause: 'It is not there', remedy: 'Build it.' }, world)).toBe(
    EXIT.refused,
  );
  expect(said).toEqual(['why502: It is not there. Build it.']);
});

test('root becomes the user who called sudo; whoever is not root stays who they are', () => {
  const { world } = stage({ env: { SUDO_UID: '1000', SUDO_GID: '1001' } });
  const expected = process.getuid?.() === 0 ? { uid: 1000, gid: 1001 } : undefined;
  expect(futureSelf(world)).toEqual(expected);
});

test('a capture is started where it is started, not before', () => {
  expect(startCapture({})).toBeTypeOf('function');
});
