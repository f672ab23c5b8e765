import { expect, test } from 'vitest';
import { CHECKS } from '../../../src/commands/doctor/checks.ts';
import { machine } from './machines.ts';

test('every fact that is missing has a reason and a remedy; names are told apart within their group', () => {
  const bare = machine({
    kernel: '4.19.0',
    uid: 1000,
    text: () => undefined,
    ran: { code: 4, said: '' },
    interfaces: () => ({}),
    listeners: () => [],
  });
  const facts = CHECKS.flatMap((check) => check(bare));
  for (const { has, says, remedy } of facts) {
    expect(says).not.toBe('');
    expect(has || remedy.length > 10).toBe(true);
  }
  const names = facts.map(({ group, name }) => `${group} ${name}`);
  expect(new Set(names).size).toBe(names.length);
});
