import { expect, test } from 'vitest';
import { withTable } from './readme-table.ts';

test('only what lies between the marks is replaced', () => {
  const text = 'a\n<!-- bench -->\nold\n<!-- /bench -->\nb\n';
  expect(withTable(text, '| new |\n', 'bench')).toBe('a\n<!-- bench -->\n| new |\n<!-- /bench -->\nb\n');
});

test('without marks nothing is written', () => {
  expect(() => withTable('a', 'b', 'bench')).toThrow('<!-- bench -->');
});
