import { expect, test } from 'vitest';
import { explain } from '../../src/commands/explain.ts';
import { EXIT } from '../../src/config.ts';
import { stage } from './kit/stage.ts';

test('causes are explained one after the other; one that does not exist is told with what was meant', async () => {
  const { world, written, said } = stage();
  const asked = { list: false, colour: 'auto' } as const;
  expect(await explain({ ...asked, causes: ['connect-refused', 'refused'] }, world)).toBe(EXIT.usage);
  expect(written.join('')).toMatch(/^connect-refused: /);
  expect(said).toEqual([expect.stringContaining('connect-refused')]);
});
