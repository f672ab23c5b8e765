import { expect, test } from 'vitest';
import { networkFacts } from '../../../src/commands/doctor/network.ts';
import { endpoint } from '../../../src/model/endpoint.ts';
import { machine } from './machines.ts';

test('interfaces and gateways are named', () => {
  expect(networkFacts(machine())).toMatchObject([
    { name: 'interfaces', has: true, says: 'lo, eth0' },
    { name: 'gateway', has: true, says: 'nginx 7 at 0.0.0.0:80' },
  ]);
});

test('a machine without any says what to do', () => {
  expect(networkFacts(machine({ interfaces: () => ({}), listeners: () => [] }))).toMatchObject([
    { has: false, remedy: expect.stringContaining('ip link set') },
    { has: false, says: 'nothing listens on TCP here', remedy: expect.stringContaining('--gateway') },
  ]);
});

test('listeners whose processes may not be seen are a matter of root', () => {
  const listeners = () => [{ at: endpoint('0.0.0.0', 80), processes: [] }];
  expect(networkFacts(machine({ listeners, uid: 1000 }))[1]).toMatchObject({
    has: false,
    remedy: expect.stringContaining('sudo'),
  });
});
