import { expect, test } from 'vitest';
import { RECOGNITION_LIMIT } from '../../src/proto/protocol.ts';

test('a PROXY header of version 1 and the first line behind it can be held', () => {
  expect(RECOGNITION_LIMIT).toBeGreaterThan(2 * 107);
});
