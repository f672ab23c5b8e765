import fc from 'fast-check';
import { expect, test } from 'vitest';
import { HostFacts } from '../../src/host/host-facts.ts';
import { RESOLVER_TIME } from '../../src/host/limits.ts';
import { SECOND } from '../../src/model/time.ts';
import { words } from '../kit/segments.ts';
import { datagram, dns } from './dns-messages.ts';

function facts() {
  const told: string[] = [];
  const host = new HostFacts({
    neighbourSilent: ({ target }) => told.push(target),
    resolved: ({ name, outcome }) => told.push(`${name} ${outcome}`),
  });
  return { told, host };
}

const asks = (at: number) =>
  ({ at, frame: 1, interfaceId: 0, what: 'asks', asker: words('10.0.0.1'), target: words('10.0.0.7') }) as const;

test('silence is told at ticks, or when the capture is over', () => {
  const { told, host } = facts();
  for (const at of [0, SECOND, 2 * SECOND]) host.neighbour(asks(at));
  host.tick(4 * SECOND);
  host.datagram(datagram('10.0.0.1:40000', '10.0.0.53:53', dns(), 4 * SECOND));
  host.tick(4 * SECOND + 1);
  expect(told).toEqual(['10.0.0.7']);
  host.end(4 * SECOND + RESOLVER_TIME);
  expect(told).toEqual(['10.0.0.7', 'php.internal silent']);
});

test('a question that was open when the capture ended is not silence', () => {
  const { told, host } = facts();
  host.datagram(datagram('10.0.0.1:40000', '10.0.0.53:53', dns(), SECOND));
  host.unreachable({
    ...asks(SECOND),
    version: 4,
    reporter: words('10.0.0.9'),
    code: 3,
    quotedProtocol: 17,
    source: words('10.0.0.1'),
    sourcePort: 1,
    destination: words('10.0.0.53'),
    destinationPort: 53,
  });
  host.end(2 * SECOND);
  expect(told).toEqual([]);
  expect(host.counters.unasked).toBe(1);
});

test('any datagrams are taken without throwing', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 20 }), (all) => {
      const { host } = facts();
      all.forEach((octets, n) => {
        host.datagram(datagram('10.0.0.1:40000', '10.0.0.53:53', octets, n * SECOND));
        host.datagram(datagram('10.0.0.53:53', '10.0.0.1:40000', octets, n * SECOND));
        host.tick(n * SECOND);
      });
      expect(host.counters.malformed).toBeLessThanOrEqual(2 * all.length);
    }),
  );
});
