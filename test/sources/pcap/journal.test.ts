import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MAX_FIELDS, readJournal } from '../../../src/sources/pcap/journal.ts';
import { concat, octets, text } from '../../kit/packets.ts';

const read = (entry: Uint8Array): [string, string][] => [...readJournal(entry, 0, entry.length)];
const long = (name: string, value: Uint8Array): Uint8Array =>
  concat(text(`${name}\n`), octets(value.length, 0, 0, 0, 0, 0, 0, 0), value, text('\n'));

test('fields are what stands before and after the first equals sign', () => {
  expect(read(text('MESSAGE=a=b\n_PID=42\nEMPTY=\n'))).toEqual([
    ['MESSAGE', 'a=b'],
    ['_PID', '42'],
    ['EMPTY', ''],
  ]);
});

test('a field in the long form keeps its line breaks', () => {
  const entry = concat(text('A=1\n'), long('MESSAGE', text('two\nlines=2')), text('B=2\n'));
  expect(read(entry)).toEqual([
    ['A', '1'],
    ['MESSAGE', 'two\nlines=2'],
    ['B', '2'],
  ]);
});

test('a value that is not text is left out; what follows is read', () => {
  for (const value of [octets(1, 0, 2), octets(0xff, 0xfe)]) {
    expect(read(concat(long('COREDUMP', value), text('B=2\n')))).toEqual([['B', '2']]);
  }
});

test('of several fields with one name the last is kept', () => {
  expect(read(text('A=1\nA=2\n'))).toEqual([['A', '2']]);
});

test('padding and empty lines are no fields; a last line needs no end', () => {
  expect(read(concat(text('\nA=1\n\n'), octets(0, 0)))).toEqual([['A', '1']]);
  expect(read(text('A=1'))).toEqual([['A', '1']]);
});

test('a long form that promises more than there is ends the entry', () => {
  const lying = concat(text('B\n'), octets(255, 255, 255, 255, 255, 255, 255, 255), text('xx\nC=3\n'));
  expect(read(concat(text('A=1\n'), lying))).toEqual([['A', '1']]);
  expect(read(text('A=1\nB\n12'))).toEqual([['A', '1']]);
});

test('only so many fields are kept', () => {
  const many = Array.from({ length: MAX_FIELDS + 5 }, (_, n) => `F${n}=${n}\n`).join('');
  expect(read(text(many))).toHaveLength(MAX_FIELDS);
});

test('octets beyond ASCII are UTF-8, and what is none is replaced', () => {
  expect(read(concat(text('MESSAGE=caf'), octets(0xc3, 0xa9, 0x0a, 0xff, 0x3d, 0xfe, 0x0a), text('B=2\n')))).toEqual([
    ['MESSAGE', 'caf\u00e9'],
    ['\ufffd', '\ufffd'],
    ['B', '2'],
  ]);
});

test('an entry of empty lines or padding is gone over once', () => {
  for (const octet of [0, 0x0a]) expect(read(new Uint8Array(2_000_000).fill(octet))).toEqual([]);
});

test('any octets are read to their end without throwing', () => {
  const parts = fc.array(fc.oneof(fc.uint8Array({ maxLength: 12 }), fc.constantFrom(text('A=1\n'), text('B\n'))));
  fc.assert(fc.property(parts, (list) => void read(concat(...list))));
});
