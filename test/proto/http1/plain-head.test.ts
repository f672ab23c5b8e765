import fc from 'fast-check';
import { expect, test } from 'vitest';
import { HeadScan } from '../../../src/proto/http1/head-scan.ts';
import { MARK, marks } from '../../../src/proto/http1/marks.ts';
import { scanPlainLines } from '../../../src/proto/http1/plain-head.ts';

/** Pieces of heads, plain and odd. */
const piece = fc.oneof(
  fc.constantFrom(
    'HTTP/1.1 200 OK\r\n',
    'GET / HTTP/1.1\n',
    'A: b\r\n',
    'Content-Length:  12 \r\n',
    'e:\n',
    '\r\n',
    '\n',
  ),
  fc.constantFrom(
    ' fold\r\n',
    'a b: c\r\n',
    'x: \r',
    'y: \0\n',
    'z:\t1\n',
    'HTTP/1.1 200\n',
    '/: 1\n',
    ':\n',
    '\r',
    'no',
  ),
  // Values are read several octets at a time: any octet at any place among them.
  fc
    .array(
      fc.oneof(fc.constantFrom(0x00, 0x09, 0x0a, 0x0d, 0x0e, 0x20, 0x7f, 0x80, 0xff), fc.integer({ min: 0, max: 255 })),
      {
        maxLength: 14,
      },
    )
    .map((octets) => `v: ${String.fromCharCode(...octets)}\r\n`),
);

/** What a scan says that is given so many octets at a time: plain lines are taken of several only. */
function scanned(bytes: Uint8Array, step: number) {
  const scan = new HeadScan();
  scan.begin(0);
  for (let at = 0; at < bytes.length && scan.end < 0; at += step) {
    scan.scan(bytes, at, Math.min(bytes.length, at + step));
  }
  const { end, lines, firstLineEnd, badAt, badFrom, bad } = scan;
  return { end, lines, firstLineEnd, bad: badAt < 0 ? undefined : { badAt, badFrom, bad }, marks: marked(lines) };
}

function marked(lines: number): number[] {
  return [...marks.subarray(0, lines * MARK)];
}

test('whatever is read of a head in one go is read as the careful scan does', () => {
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
      const bytes = Buffer.from(pieces.join(''), 'latin1');
      expect(scanned(bytes, bytes.length)).toEqual(scanned(bytes, 1));
    }),
  );
});

test('it stops where a line begins that is not complete', () => {
  const bytes = Buffer.from('a: b\r\nc: d\r\n\r\n', 'latin1');
  for (let to = 0; to < bytes.length; to++) {
    const head = { lines: 0, lineStart: 0 };
    expect(scanPlainLines(bytes, 0, to, head)).toBe(-1);
    const lines = to < 6 ? 0 : to < 12 ? 1 : 2;
    expect(head).toEqual({ lines, lineStart: 6 * lines });
  }
  expect(scanPlainLines(bytes, 0, bytes.length, { lines: 0, lineStart: 0 })).toBe(bytes.length);
});

test('it stops where a line begins that is odd', () => {
  const bytes = Buffer.from('a: b\r\nc\r\n\r\n', 'latin1');
  const head = { lines: 0, lineStart: 0 };
  expect(scanPlainLines(bytes, 0, bytes.length, head)).toBe(-1);
  expect(head).toEqual({ lines: 1, lineStart: 6 });
});
