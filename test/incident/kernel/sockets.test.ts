import { expect, test } from 'vitest';
import { REMEMBERED, Sockets } from '../../../src/incident/kernel/sockets.ts';
import { moment } from '../../kit/incidents.ts';
import { dropped, listening } from '../../kit/kernel-events.ts';

test('a listener is as it was looked at last before the attempt was over, or right after', () => {
  const sockets = new Sockets();
  for (const [ms, queue] of [
    [0, 0],
    [40, 3],
    [900, 9],
  ] as const)
    sockets.witnessed(listening(ms, { queue }));
  const queueAt = (ms: number) => sockets.listenerAt('10.0.0.7:9000', moment(ms).at)?.queue;
  expect([queueAt(1), queueAt(100), queueAt(2000)]).toEqual([3, 3, 9]);
});

test('who listens at every address, listens at this one; who listens at another port does not', () => {
  const sockets = new Sockets();
  sockets.witnessed(listening(0, { address: '0.0.0.0:9000' }));
  sockets.witnessed(listening(0, { address: '[::]:9001' }));
  const found = (address: string) => sockets.listenerAt(address, moment(1).at)?.address;
  expect(found('10.0.0.7:9000')).toBe('0.0.0.0:9000');
  expect(found('10.0.0.7:9001')).toBe('[::]:9001');
  expect(found('[fd00::7]:9001')).toBe('[::]:9001');
  expect(found('[fd00::7]:9000')).toBeUndefined();
  expect(found('unix:/run/php.sock')).toBeUndefined();
});

test('of the segments of a connection that were thrown away the first counts, whichever way it went', () => {
  const sockets = new Sockets();
  sockets.witnessed(dropped(5));
  sockets.witnessed(dropped(6, { reason: 'NEIGH_FAILED' }));
  expect(sockets.dropOf('10.0.0.1:40001', '10.0.0.7:9000', moment(4))?.reason).toBe('NETFILTER_DROP');
  expect(sockets.dropOf('10.0.0.7:9000', '10.0.0.1:40001', moment(4))?.reason).toBe('NETFILTER_DROP');
  expect(sockets.dropOf('10.0.0.1:40001', '10.0.0.7:9000', moment(6))).toBeUndefined();
  expect(sockets.dropOf('10.0.0.1:40002', '10.0.0.7:9000', moment(4))).toBeUndefined();
});

test('the oldest listener is forgotten at the limit', () => {
  const sockets = new Sockets();
  for (let n = 0; n <= REMEMBERED; n++) sockets.witnessed(listening(0, { address: `unix:/run/${n}` }));
  expect(sockets.listenerAt('unix:/run/0', moment(1).at)).toBeUndefined();
  expect(sockets.listenerAt('unix:/run/1', moment(1).at)).toBeDefined();
});
