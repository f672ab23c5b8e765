import { expect, test } from 'vitest';
import { endpoint } from '../../src/model/endpoint.ts';
import { OTHER_NAMES, TALLY_NAMES_LIMIT, Tally } from '../../src/sinks/tally.ts';
import { attempt, attemptless, finding, maskedVerdict, tried, verdict } from './kit/verdicts.ts';

test('verdicts of the same cause at the same peer are one row', () => {
  const tally = new Tally();
  for (const one of [verdict(), attemptless(), verdict()]) tally.add(one);
  expect(tally.sorted()).toMatchObject([
    { cause: 'reset-before-response', peer: '127.0.0.1:9000', protocol: 'fastcgi', count: 2 },
    { cause: 'no-live-upstreams', peer: '', count: 1 },
  ]);
  expect([...tally.causes()]).toEqual([
    ['reset-before-response', 2],
    ['no-live-upstreams', 1],
  ]);
  expect([...tally.gateways]).toEqual([['10.0.0.1:80', 3]]);
});

test('a masked failure is counted at the peer that failed, not at the one that answered', () => {
  const tally = new Tally();
  tally.add(maskedVerdict());
  expect([...tally.peers]).toEqual([['127.0.0.1:9000', 1]]);
  expect([...(tally.sorted()[0]?.statuses ?? [])]).toEqual([['200', 1]]);
});

test('where nobody was left to ask after a failed attempt, no peer is to blame', () => {
  const tally = new Tally();
  tally.add(verdict({ finding: finding({ cause: 'no-live-upstreams' }), attempts: verdict().attempts }));
  expect(tally.sorted()).toMatchObject([{ cause: 'no-live-upstreams', peer: '', protocol: '' }]);
});

test('a row knows what its verdicts have in common', () => {
  const tally = new Tally();
  const idle = (nanos: number) =>
    verdict({
      attempts: [
        {
          attempt: attempt({ exchange: tried({ reused: true, idle: nanos }) }),
          finding: finding({ cause: 'stale-keepalive', subcause: 'reset' }),
        },
      ],
    });
  tally.add(idle(5e9));
  const row = tally.add(idle(5.2e9));
  expect(row).toMatchObject({ idle: { low: 5e9, high: 5.2e9, count: 2 }, wait: { low: 2.31e9, high: 2.31e9 } });
  expect([...row.subcauses]).toEqual([['reset', 2]]);
});

test('however many peers a capture names, the rows are bounded and nothing goes uncounted', () => {
  const tally = new Tally();
  const total = TALLY_NAMES_LIMIT + 50;
  for (let n = 0; n < total; n++) {
    const peer = endpoint(`10.0.${n >> 8}.${n & 255}`, 80);
    tally.add(verdict({ attempts: [{ attempt: attempt({ peer }), finding: finding() }] }));
  }
  const sum = (counts: Iterable<number>): number => [...counts].reduce((a, b) => a + b, 0);
  expect(tally.rows.size).toBeLessThanOrEqual(TALLY_NAMES_LIMIT + 1);
  expect(tally.peers.size).toBeLessThanOrEqual(TALLY_NAMES_LIMIT + 1);
  expect(tally.peers.get(OTHER_NAMES)).toBe(50);
  expect(sum(tally.peers.values())).toBe(total);
  expect(sum([...tally.rows.values()].map(({ count }) => count))).toBe(total);
});
