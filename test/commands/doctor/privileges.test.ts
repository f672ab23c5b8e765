import { expect, test } from 'vitest';
import { privilegeFacts } from '../../../src/commands/doctor/privileges.ts';
import { machine } from './machines.ts';

const missing = (hex: string) =>
  privilegeFacts(machine({ files: { '/proc/self/status': `CapEff:\t${hex}\n` } }))
    .filter(({ has }) => !has)
    .map(({ name }) => name);

test('root has all that is needed, a user none of it', () => {
  expect(missing('000001ffffffffff')).toEqual([]);
  expect(missing('0000000000000000')).toEqual(['CAP_NET_RAW', 'CAP_BPF', 'CAP_PERFMON']);
});

test('each capability is looked at by itself, and CAP_SYS_ADMIN stands for the younger ones', () => {
  expect(missing((1n << 13n).toString(16))).toEqual(['CAP_BPF', 'CAP_PERFMON']);
  expect(missing(((1n << 13n) | (1n << 39n)).toString(16))).toEqual(['CAP_PERFMON']);
  expect(missing((1n << 21n).toString(16))).toEqual(['CAP_NET_RAW']);
});

test('where nothing can be read, nothing is held', () => {
  const facts = privilegeFacts(machine({ text: () => undefined, uid: 1000 }));
  expect(facts.map(({ says }) => says)).toEqual(['uid 1000', 'not held', 'not held', 'not held']);
  for (const { has, remedy } of facts) expect(has || remedy.includes('sudo')).toBe(true);
});
