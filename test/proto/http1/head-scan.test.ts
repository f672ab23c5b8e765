import fc from 'fast-check';
import { expect, test } from 'vitest';
import { HeadScan, scanOfItsOwn } from '../../../src/proto/http1/head-scan.ts';
import { LINES_LIMIT, MARK, marks } from '../../../src/proto/http1/marks.ts';
import { textOctets } from '../../kit/cases.ts';

interface Scanned {
  readonly end: number;
  readonly lines: string[];
  readonly bad: string;
}

function scan(text: string): Scanned {
  const bytes = textOctets(text);
  const head = new HeadScan();
  head.begin(0);
  const end = head.scan(bytes, 0, bytes.length);
  const word = (line: number, mark: number) =>
    String.fromCharCode(...bytes.slice(marks[line * MARK + mark] as number, marks[line * MARK + mark + 1] as number));
  const lines = Array.from({ length: head.lines }, (_, line) => `${word(line, 0)}=${word(line, 2)}`);
  return { end, lines, bad: head.badAt < 0 ? '' : `${head.bad}@${head.badAt}` };
}

test('lines are marked: name, and value without the spaces around it', () => {
  expect(scan('X\\r\\nA: b\\r\\nC:  d e  \\r\\nF:\\r\\n\\r\\n')).toEqual({
    end: 26,
    lines: ['A=b', 'C=d e', 'F='],
    bad: '',
  });
});

test('the end is where nginx finds it: CRLF or LF, several CRs before LF', () => {
  expect(scan('X\\nA: b\\n\\nrest').end).toBe(8);
  expect(scan('X\\r\\nA: b\\r\\r\\n\\r\\nrest').end).toBe(12);
  expect(scan('X\\r\\n\\r').end).toBe(-1);
});

test.each([
  ['X\\n a: b\\n\\n', 'name@2'],
  ['X\\n\\x7fa: b\\n\\n', 'name@2'],
  ['X\\n: b\\n\\n', 'name@2'],
  ['X\\na b: c\\n\\n', 'name@3'],
  ['X\\na\\tb: c\\n\\n', 'name@3'],
  ['X\\na\\0b: c\\n\\n', 'name@3'],
  ['X\\na\\x7fb: c\\n\\n', 'name@3'],
  ['X\\na: \\0\\n\\n', 'nul@5'],
  ['X\\na: b\\0\\n\\n', 'nul@6'],
  ['X\\na: b \\0\\n\\n', 'nul@7'],
  ['X\\na: b\\rc\\n\\n', 'cr@7'],
  ['X\\na\\rb\\n\\n', 'cr@4'],
  ['X\\n\\ra: b\\n\\n', 'cr@3'],
  ['X\\na: b\\n c\\n\\n', 'fold@7'],
  ['X\\na: b\\n\\tc\\n\\n', 'fold@7'],
])('refused where nginx refuses it: %s', (text, bad) => {
  expect(scan(text).bad).toBe(bad);
});

test.each([
  'X\\na_b-c(\\xe9)@/: 1\\n\\n',
  'X\\na: \\x01\\t\\x7f\\xff\\n\\n',
  'X\\nnocolon\\n\\n',
  'X\\nHTTP/1.1 200 \\0OK\\na: b\\n\\n',
])('passed where nginx lets it pass: %s', (text) => expect(scan(text).bad).toBe(''));

test('a folded line is read as one', () => {
  expect(scan('X\\nA: b\\n c\\nD: e\\n\\n').lines).toEqual(['A=b\n c', 'D=e']);
});

test('more lines than the limit are scanned and not marked', () => {
  expect(scan(`X\\n${'a:b\\n'.repeat(LINES_LIMIT + 5)}\\n`)).toMatchObject({
    end: 2 + 4 * (LINES_LIMIT + 5) + 1,
    lines: { length: LINES_LIMIT },
  });
});

test('any octets in any pieces: the same end, the same first refusal', () => {
  const octet = fc.oneof(fc.constantFrom(10, 13, 32, 58, 0, 9, 47, 72, 84, 80), fc.integer({ min: 0, max: 255 }));
  const octets = fc.array(octet, { maxLength: 60 }).map((list) => Uint8Array.from(list));
  fc.assert(
    fc.property(octets, fc.integer({ min: 1, max: 9 }), (bytes, size) => {
      const whole = new HeadScan();
      whole.begin(0);
      const end = whole.scan(bytes, 0, bytes.length);
      const pieces = new HeadScan();
      pieces.begin(0);
      let found = -1;
      for (let at = 0; at < bytes.length && found < 0; at += size) {
        found = pieces.scan(bytes, at, Math.min(bytes.length, at + size));
      }
      expect([found, pieces.badAt, pieces.badFrom, pieces.firstLineEnd]).toEqual([
        end,
        whole.badAt,
        whole.badFrom,
        whole.firstLineEnd,
      ]);
    }),
  );
});

test('a scan of its own goes on where the octets so far end', () => {
  const bytes = textOctets('X\\r\\nA: b\\r\\n\\r\\n');
  const head = scanOfItsOwn(bytes, 5);
  expect(head.firstLineEnd).toBe(1);
  expect(head.scan(bytes, 5, bytes.length)).toBe(bytes.length);
});
