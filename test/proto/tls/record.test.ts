import { expect, test } from 'vitest';
import { beginsRecord, RECORD_LIMIT, recordLength } from '../../../src/proto/tls/record.ts';

const begins = (...octets: number[]) => beginsRecord(Uint8Array.from(octets), 0, octets.length);

test('a record begins with its type, a version of 3.0 to 3.4 and a length', () => {
  expect(begins(22, 3, 1, 2, 0)).toBe('yes');
  expect(begins(23, 3, 4, RECORD_LIMIT >> 8, RECORD_LIMIT & 255)).toBe('yes');
  expect(recordLength(Uint8Array.of(22, 3, 1, 2, 5), 0)).toBe(0x205);
});

test('what does not is none, as soon as that is known', () => {
  for (const octets of [[19], [24], [22, 2], [22, 3, 5], [22, 3, 3, 0, 0], [22, 3, 3, 255, 255]]) {
    expect(begins(...octets)).toBe('no');
  }
  for (const octets of [[], [22], [22, 3], [22, 3, 3, 0]]) expect(begins(...octets)).toBe('more');
});
