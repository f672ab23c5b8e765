import { expect, test } from 'vitest';
import { command, isUsageError } from '../../src/commands/command.ts';
import { stage } from './kit/stage.ts';

const spec = { usage: 'why502 count N', does: 'Counts.', options: {}, exitCodes: false };
const counting = command<{ number: number }>(
  spec,
  ({ words: [word] }) => (word === undefined ? { wrong: 'no number', remedy: 'Give one.' } : { number: Number(word) }),
  async ({ number }, world) => {
    world.say(`${number}`);
    return number;
  },
);

test('words that make sense are a run in any world', async () => {
  const run = counting.understand({ values: {}, words: ['7'] });
  if (isUsageError(run)) return expect.fail(run.wrong);
  const { world, said } = stage();
  expect(await run(world)).toBe(7);
  expect(said).toEqual(['7']);
});

test('words that make none are an error with its remedy', () => {
  expect(counting.understand({ values: {}, words: [] })).toEqual({ wrong: 'no number', remedy: 'Give one.' });
});

test('what is no error is none', () => {
  for (const value of [undefined, null, 'wrong', {}, () => 0]) expect(isUsageError(value)).toBe(false);
});
