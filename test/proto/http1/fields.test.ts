import { expect, test } from 'vitest';
import { FIELDS_KEPT, fieldsOf } from '../../../src/proto/http1/field-lines.ts';
import { BAD_LENGTH, NO_LENGTH, readFields } from '../../../src/proto/http1/fields.ts';
import { HeadScan } from '../../../src/proto/http1/head-scan.ts';
import { textOctets } from '../../kit/cases.ts';

function read(...texts: string[]) {
  const bytes = textOctets(`X\\n${texts.map((line) => `${line}\\n`).join('')}\\n`);
  const scan = new HeadScan();
  scan.begin(0);
  const end = scan.scan(bytes, 0, bytes.length);
  const facts = readFields(bytes, 0, end, scan.lines);
  const refused = facts.conflict && String.fromCharCode(...bytes.slice(facts.conflictAt, facts.conflictEnd));
  const fields = fieldsOf(facts.text);
  const { host, length, coding, expects, conflict } = facts;
  return { fields, host, length, coding, expects, conflict, refused };
}

test('fields are kept in order as sent, values without white space around them', () => {
  expect(read('HOST: \\ta \\t', 'x:y').fields).toEqual([
    { name: 'HOST', value: 'a' },
    { name: 'x', value: 'y' },
  ]);
});

test('what decides the framing is read in any case', () => {
  expect(read('hOsT: a', 'EXPECT: 100-Continue', 'content-LENGTH: 12')).toMatchObject({
    host: 'a',
    expects: true,
    length: 12,
    coding: 'none',
    conflict: undefined,
  });
  expect(read('transfer-encoding: Chunked')).toMatchObject({
    length: NO_LENGTH,
    coding: 'chunked',
    conflict: undefined,
  });
});

test.each([
  [['Content-Length: 1', 'Content-Length: 1'], 'duplicate', 1],
  [['Content-Length: 1', 'Content-Length: 2'], 'duplicate', BAD_LENGTH],
  [['Content-Length: x'], 'bad-cl', BAD_LENGTH],
  [['Content-Length:'], 'bad-cl', BAD_LENGTH],
  [['Content-Length: 0x10'], 'bad-cl', BAD_LENGTH],
  [['Content-Length: 99999999999999999999'], 'bad-cl', BAD_LENGTH],
  [['Content-Length: 4,4'], 'bad-cl', 4],
  [['Content-Length: 4,5'], 'bad-cl', BAD_LENGTH],
  [['Content-Length: 1', 'Transfer-Encoding: chunked'], 'cl-te', 1],
  [['Transfer-Encoding: chunked', 'Content-Length: 1'], 'cl-te', 1],
  [['Transfer-Encoding: chunked', 'Transfer-Encoding: chunked'], 'duplicate', NO_LENGTH],
  [['Transfer-Encoding: \\tchunked'], 'bad-te', NO_LENGTH],
])('%s: %s', (lines, conflict, length) => {
  const facts = read(...lines);
  expect([facts.conflict, facts.length, facts.refused]).toEqual([conflict, length, textOf(lines.at(-1) as string)]);
});

function textOf(line: string): string {
  return String.fromCharCode(...textOctets(line));
}

test('the last coding counts', () => {
  expect(read('Transfer-Encoding: gzip, chunked').coding).toBe('chunked');
  expect(read('Transfer-Encoding: chunked, gzip').coding).toBe('other');
});

test('fields beyond the limit are not kept, but still decide the framing', () => {
  const facts = read(...new Array(FIELDS_KEPT + 3).fill('a: b'), 'Content-Length: 7');
  expect([facts.fields.length, facts.length]).toEqual([FIELDS_KEPT, 7]);
});
