import fc from 'fast-check';
import { expect, test } from 'vitest';
import { HeadScan } from '../../../src/proto/http1/head-scan.ts';
import { MARK, marks } from '../../../src/proto/http1/marks.ts';
import { scanPlainHead } from '../../../src/proto/http1/plain-head.ts';

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
);

/** What the careful scan says, which is never given a head in one piece. */
function careful(bytes: Uint8Array) {
  const scan = new HeadScan();
  scan.begin(0);
  let end = -1;
  for (let at = 0; at < bytes.length && end < 0; at++) end = scan.scan(bytes, at, at + 1);
  return { end, lines: scan.lines, firstLineEnd: scan.firstLineEnd, badAt: scan.badAt, marks: marked(scan.lines) };
}

function marked(lines: number): number[] {
  return [...marks.subarray(0, lines * MARK)];
}

test('whatever it reads it reads as the careful scan does', () => {
  let plain = 0;
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
      const bytes = Buffer.from(pieces.join(''), 'latin1');
      const head = { lines: 0, firstLineEnd: -1 };
      const end = scanPlainHead(bytes, 0, bytes.length, head);
      if (end < 0) return;
      plain++;
      const fast = { end, ...head, badAt: -1, marks: marked(head.lines) };
      expect(fast).toEqual(careful(bytes));
    }),
  );
  expect(plain).toBeGreaterThan(0);
});

test('a head that goes on behind the octets at hand is not read', () => {
  const bytes = Buffer.from('X\r\na: b\r\n\r\n', 'latin1');
  for (let to = 0; to < bytes.length; to++) {
    expect(scanPlainHead(bytes, 0, to, { lines: 0, firstLineEnd: -1 })).toBe(-1);
  }
});
