import { expect, test } from 'vitest';
import { beginsFrame, flawOf, frameHead } from '../../../src/proto/http2/frame.ts';

function head(length: number, type: number, flags: number, stream: number) {
  return { length, type, flags, stream };
}

test('a header is read; the reserved bit is none of the stream', () => {
  expect(frameHead(Uint8Array.of(9, 0, 1, 2, 3, 1, 5, 0x80, 0, 0, 7), 1)).toEqual(head(0x102, 3, 1, 0x05800000 + 0));
  expect(frameHead(Uint8Array.of(0, 0, 0, 0, 0, 0x80, 0, 0, 7), 0).stream).toBe(7);
});

test.each([
  [head(4, 3, 0, 1), ''],
  [head(5, 3, 0, 1), 'length'],
  [head(7, 6, 0, 0), 'length'],
  [head(6, 4, 1, 0), 'length'],
  [head(7, 4, 0, 0), 'length'],
  [head(7, 7, 0, 0), 'length'],
  [head(3, 8, 0, 0), 'length'],
  [head(1, 0, 0, 0), 'stream'],
  [head(8, 6, 0, 1), 'stream'],
  [head(99, 77, 0, 5), ''],
])('what is wrong with a frame', (frame, flaw) => {
  expect(flawOf(frame)).toBe(flaw);
});

test('after a gap a frame must be without flaw, of a known type, and no larger than announced', () => {
  const begins = (...octets: number[]) => beginsFrame(Uint8Array.from(octets), 0, octets.length, 16384);
  expect(begins(0, 0, 4, 3, 0, 0, 0, 0, 1)).toBe('yes');
  expect(begins(0, 0, 5, 3, 0, 0, 0, 0, 1)).toBe('no');
  expect(begins(0, 64, 1, 0, 0, 0, 0, 0, 1)).toBe('no');
  expect(begins(0, 0, 4, 77, 0, 0, 0, 0, 1)).toBe('no');
  expect(begins(0, 0, 4, 3, 0, 0x80, 0, 0, 1)).toBe('no');
  expect(begins(0, 0)).toBe('more');
});
