import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CHUNK_LINE_LIMIT, TransferChunks } from '../../../src/proto/http1/transfer-chunks.ts';
import { textOctets } from '../../kit/cases.ts';

function read(text: string) {
  const bytes = textOctets(text);
  const chunks = new TransferChunks();
  chunks.begin();
  const end = chunks.read(bytes, 0, bytes.length);
  return { end, done: chunks.done, bad: chunks.bad, octets: chunks.contentOctets };
}

test('a body ends with its last chunk and its trailers', () => {
  expect(read('3\\r\\nabc\\r\\n0\\r\\n\\r\\nrest')).toEqual({ end: 13, done: true, bad: false, octets: 3 });
  expect(read('0;x=y\\r\\nA: b\\r\\nC: d\\r\\n\\r\\n')).toMatchObject({ done: true, octets: 0 });
  expect(read('1 ; x\\nz\\n0\\nA: b\\n\\n')).toMatchObject({ done: true, octets: 1 });
  expect(read('0\\r\\n\\rx\\r\\n\\r\\n')).toMatchObject({ done: true });
});

test.each(['x', '\\r\\n', '3x', '3\\rx', '1\\r\\nabc', '1\\r\\na\\rx', '1;a\\rx', 'fffffffffffffff'])(
  'broken: %s',
  (text) => {
    expect(read(text).bad).toBe(true);
  },
);

test('a size line without end is given up', () => {
  const text = `1;${'x'.repeat(CHUNK_LINE_LIMIT)}`;
  expect(read(text)).toMatchObject({ bad: true, end: CHUNK_LINE_LIMIT + 1 });
});

test('a gap inside of chunk data is stepped over, any other loses the place', () => {
  const chunks = new TransferChunks();
  chunks.begin();
  expect(chunks.gap(1)).toBe(false);
  chunks.read(textOctets('a\\r\\n12'), 0, 5);
  expect(chunks.gap(9)).toBe(false);
  expect(chunks.gap(8)).toBe(true);
  expect(chunks.contentOctets).toBe(10);
  expect(chunks.gap(1)).toBe(false);
  const rest = textOctets('\\r\\n0\\r\\n\\r\\n');
  expect(chunks.read(rest, 0, rest.length)).toBe(rest.length);
  expect(chunks.done).toBe(true);
});

test('any content in any transfer chunks, read in any pieces', () => {
  const sizes = fc.array(fc.integer({ min: 1, max: 300 }), { maxLength: 6 });
  fc.assert(
    fc.property(sizes, fc.integer({ min: 1, max: 40 }), (lengths, piece) => {
      const text = `${lengths.map((size) => `${size.toString(16)}\\r\\n${'x'.repeat(size)}\\r\\n`).join('')}0\\r\\n\\r\\n`;
      const bytes = textOctets(`${text}NEXT`);
      const chunks = new TransferChunks();
      chunks.begin();
      let at = 0;
      while (!chunks.done) at = chunks.read(bytes, at, Math.min(bytes.length, at + piece));
      expect([at, chunks.contentOctets]).toEqual([bytes.length - 4, lengths.reduce((sum, size) => sum + size, 0)]);
    }),
  );
});
