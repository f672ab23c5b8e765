import { expect, test } from 'vitest';
import { opposite } from '../../src/model/connection.ts';

test('each direction is the opposite of the other', () => {
  expect(opposite('forward')).toBe('reverse');
  expect(opposite('reverse')).toBe('forward');
});
