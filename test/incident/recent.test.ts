import { expect, test } from 'vitest';
import { Recent } from '../../src/incident/recent.ts';

test('is made when it is first asked for, and kept', () => {
  const recent = new Recent(2, () => ({ n: 0 }));
  recent.ask('a').n = 1;
  expect(recent.ask('a').n).toBe(1);
  expect(recent.get('a')?.n).toBe(1);
  expect(recent.get('b')).toBeUndefined();
});

test('what was asked for longest ago goes, a look does not count', () => {
  const recent = new Recent(3, () => ({}));
  for (const key of ['a', 'b', 'c', 'a', 'c']) recent.ask(key);
  recent.get('b');
  recent.ask('d');
  expect(['a', 'b', 'c', 'd'].filter((key) => recent.get(key))).toEqual(['a', 'c', 'd']);
  recent.ask('e');
  expect(['a', 'c', 'd', 'e'].filter((key) => recent.get(key))).toEqual(['c', 'd', 'e']);
});
