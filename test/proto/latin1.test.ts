import { expect, test } from 'vitest';
import { latin1 } from '../../src/proto/latin1.ts';

test('every octet becomes the character of its number', () => {
  const bytes = Uint8Array.from({ length: 256 }, (_, octet) => octet);
  expect([...latin1(bytes, 0, 256)].map((character) => character.charCodeAt(0))).toEqual([...bytes]);
});

test('a window of a larger buffer', () => {
  expect(latin1(Buffer.from('..abc..').subarray(1), 1, 4)).toBe('abc');
});
