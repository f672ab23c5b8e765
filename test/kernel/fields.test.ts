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
  expect(fields({ REMOTE: 'unix:/run/a.sock', SOCKET: '7' }).ends()).toEqual({
    local: 'unix:#7',
    remote: 'unix:/run/a.sock',
  });
  for (const remote of ['', '10.0.0.1', 'example:80', 'unix:a'])
    expect(fields({ ...ends, REMOTE: remote }).ends()).toBeUndefined();
});

test('octets are readable as they stand, and every other one is escaped', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (octets) => {
      const hex = (octet: number): string => octet.toString(16).padStart(2, '0');
      const text = [...octets].map((octet) =>
        octet >= 0x20 && octet < 0x7f && octet !== 0x5c ? String.fromCharCode(octet) : `\\x${hex(octet)}`,
      );
      expect(fields({ A: text.join('') }).octets('A')).toEqual(octets);
    }),
  );
  for (const text of ['a\\', '\\x4', '\\xGG', 'ä', 'a\nb']) expect(fields({ A: text }).octets('A')).toHaveLength(0);
});

test('whatever stands in the fields, reading them does not throw', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const all = fields({ PROCESS: text, NAME: text, LOCAL: text, REMOTE: text, SIGNAL: text });
      expect([all.process()?.id ?? 1, all.death().signal].every(Number.isSafeInteger)).toBe(true);
      expect(typeof all.ends()).toMatch(/object|undefined/);
      expect(fields({ REQUEST: text }).octets('REQUEST').length).toBeLessThanOrEqual(text.length);
    }),
  );
});
