import { expect, test } from 'vitest';
import { FIELDS_KEPT, fieldsOf as fieldLines } from '../../../src/proto/http1/field-lines.ts';
import { textOctets } from '../../kit/cases.ts';

function fieldsOf(text: string) {
  return fieldLines(String.fromCharCode(...textOctets(text)));
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

test('not more than the limit', () => {
  expect(fieldsOf(`X\\n${'a: b\\n'.repeat(FIELDS_KEPT + 3)}\\n`)).toHaveLength(FIELDS_KEPT);
});
