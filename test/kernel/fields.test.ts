import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Fields } from '../../src/kernel/fields.ts';

function fields(named: Record<string, string>): Fields {
  return new Fields(new Map(Object.entries(named).map(([name, value]) => [`WHY502_${name}`, value])));
}

test('a number is a number, and anything else is none', () => {
  expect(fields({ A: '42' }).number('A')).toBe(42);
  for (const text of ['', '-1', '4x', '1e9', '99999999999999999']) expect(fields({ A: text }).number('A')).toBe(0);
});

test('a process needs an id; a name that no kernel gives is not repeated', () => {
  expect(fields({ PROCESS: '7', NAME: 'nginx' }).process()).toEqual({ id: 7, name: 'nginx' });
  expect(fields({ PROCESS: '7', NAME: 'a\u001b[2J' }).process()).toEqual({ id: 7, name: '?' });
  expect(fields({ NAME: 'nginx' }).process()).toBeUndefined();
});

test('ends are two addresses with ports, or a path that something without a name connects to', () => {
  const ends = { LOCAL: '10.0.0.1:4000', REMOTE: '[fd00::1]:80' };
  expect(fields(ends).ends()).toEqual({ local: '10.0.0.1:4000', remote: '[fd00::1]:80' });
  expect(fields({ REMOTE: 'unix:/run/a.sock' }).ends()).toEqual({ local: '', remote: 'unix:/run/a.sock' });
  for (const remote of ['', '10.0.0.1', 'example:80', 'unix:a'])
    expect(fields({ ...ends, REMOTE: remote }).ends()).toBeUndefined();
});

test('whatever stands in the fields, reading them does not throw', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const all = fields({ PROCESS: text, NAME: text, LOCAL: text, REMOTE: text, SIGNAL: text });
      expect([all.process()?.id ?? 1, all.death().signal].every(Number.isSafeInteger)).toBe(true);
      expect(typeof all.ends()).toMatch(/object|undefined/);
    }),
  );
});
