import { expect, test } from 'vitest';
import { Now } from '../../src/conn/now.ts';

test('one moment a frame, and a latest time that never goes back', () => {
  const now = new Now();
  now.set(20, 1);
  const first = now.moment;
  expect(now.moment).toBe(first);
  now.set(10, 2);
  expect(first).toEqual({ at: 20, frame: 1 });
  expect(now.moment).toEqual({ at: 10, frame: 2 });
  expect(now.latest).toBe(20);
});
