import { expect, test } from 'vitest';
import { FIELDS_KEPT, FieldLines } from '../../../src/proto/http1/field-lines.ts';
import { textOctets } from '../../kit/cases.ts';

function textOf(text: string): string {
  return String.fromCharCode(...textOctets(text));
}

function fieldsOf(text: string) {
  return new FieldLines(textOf(text)).fields;
}

test('names and values as sent, white space around values left out', () => {
  expect(fieldsOf('X\\r\\nHOST: \\ta \\t\\r\\nx:y\\r\\n\\r\\n')).toEqual([
    { name: 'HOST', value: 'a' },
    { name: 'x', value: 'y' },
  ]);
});

test('a folded line counts as one space', () => {
  expect(fieldsOf('X\\na: b\\n\\tc\\n\\n')).toEqual([{ name: 'a', value: 'b c' }]);
});

test('of a head without its end, the lines that are whole', () => {
  expect(fieldsOf('X\\na: b\\nc: d')).toEqual([{ name: 'a', value: 'b' }]);
});

test('made once, however often they are asked for', () => {
  const lines = new FieldLines(textOf('X\\na: b\\n\\n'));
  expect(lines.fields).toEqual([{ name: 'a', value: 'b' }]);
  expect(lines.fields).toBe(lines.fields);
});

test('not more than the limit', () => {
  expect(fieldsOf(`X\\n${'a: b\\n'.repeat(FIELDS_KEPT + 3)}\\n`)).toHaveLength(FIELDS_KEPT);
});
