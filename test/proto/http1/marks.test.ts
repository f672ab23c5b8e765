import { expect, test } from 'vitest';
import { MARK, mark, marks } from '../../../src/proto/http1/marks.ts';

test('a line is marked in its own place', () => {
  mark(3, 10, 11, 12, 13);
  expect([...marks.subarray(3 * MARK, 4 * MARK)]).toEqual([10, 11, 12, 13]);
});
