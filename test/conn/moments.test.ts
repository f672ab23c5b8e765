import { expect, test } from 'vitest';
import { FIRST, LAST, momentAt, newMoments, noteMoment } from '../../src/conn/moments.ts';

test('a moment is undefined until it is noted, and every connection has its own', () => {
  const moments = newMoments();
  noteMoment(moments, LAST, 12.5e15, 7);
  expect(momentAt(moments, LAST)).toEqual({ at: 12.5e15, frame: 7 });
  expect(momentAt(moments, FIRST)).toBeUndefined();
  expect(momentAt(newMoments(), LAST)).toBeUndefined();
});
