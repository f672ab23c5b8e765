import { expect, test } from 'vitest';
import { endpoint } from '../../../src/model/endpoint.ts';
import { MILLISECOND } from '../../../src/model/time.ts';
import { PEERS_LIMIT, type PeerRow, Peers, processText } from '../../../src/sinks/tui/peers.ts';
import { judge } from '../../../src/verdict/judge.ts';
import { attempt, exchange, incident, moment, PEER, stream } from '../../kit/incidents.ts';
import { listening, resetSent, WORKER, witness } from '../../kit/kernel-events.ts';

const rowOf = (peers: Peers, now = 0): PeerRow => peers.rows(now)[0] as PeerRow;
const answered = { response: {}, exchange: { end: { how: 'complete', moment: moment(1.1) } } } as const;

test('an attempt is counted once, however often it is told; only failures are failures', () => {
  const peers = new Peers();
  const failed = attempt({ server: 'rst' });
  if (failed.exchange) peers.attempted(failed.exchange);
  peers.judged(judge(incident({ attempts: [failed] })));
  peers.attempted(exchange(answered));
  expect(rowOf(peers)).toMatchObject({ peer: PEER.text, attempts: 2, failed: 1, hidden: 0 });
  expect(rowOf(peers).causes).toEqual([['reset-before-response', 1]]);
});

test('a failure that a retry hid is counted as one', () => {
  const peers = new Peers();
  const attempts = [attempt({ server: 'rst' }), attempt({ n: 2, ...answered })];
  peers.judged(judge(incident({ kind: 'masked', attempts })));
  expect(rowOf(peers)).toMatchObject({ attempts: 2, failed: 1, hidden: 1 });
});

test('attempts that were left out are counted, and show that a peer is asked again', () => {
  const peers = new Peers();
  peers.leftOut(0, PEER.text, 3);
  expect(peers.rows(0)).toEqual([]);
  peers.judged(judge(incident({ attempts: [attempt({ server: 'refuses', exchange: { reused: true } })] })));
  const failed = rowOf(peers).lastFailure ?? Number.NaN;
  peers.leftOut(failed + 1e9, PEER.text, 39);
  const row = rowOf(peers, failed + 2e9);
  expect(row).toMatchObject({ attempts: 40, perSecond: 4, failed: 1, reuse: 1, outUntil: undefined });
});

test('the process that the kernel told of is the peer’s', () => {
  const peers = new Peers();
  const died = witness({ closer: resetSent(0.5, { death: { signal: 9, code: 0 } }) });
  peers.judged(judge(incident({ attempts: [attempt({ server: 'rst', witness: died })] })));
  expect(rowOf(peers).process).toBe(processText(WORKER));
});

test('who listens there and how full its queue was is known before it ends anything', () => {
  const peers = new Peers();
  const listener = listening(0.2, { queue: 5, backlog: 4, process: { id: 77, name: 'node' } });
  peers.judged(judge(incident({ attempts: [attempt({ server: 'refuses', witness: witness({ listener }) })] })));
  expect(rowOf(peers)).toMatchObject({ process: 'node 77', queue: { waiting: 5, backlog: 4 } });
});

test('closing idle connections is a keep-alive of the peer, closing after an answer is not', () => {
  for (const [closedMs, expected] of [
    [5001.1, 5000 * MILLISECOND],
    [10, undefined],
  ] as const) {
    const peers = new Peers();
    peers.attempted(exchange({ ...answered, serverStream: stream({ fin: moment(closedMs) }) }));
    expect(rowOf(peers).closesAfter).toBe(expected);
  }
});

test('after a failure nginx may leave it out for ten seconds, until it is asked again', () => {
  const peers = new Peers();
  peers.judged(judge(incident({ attempts: [attempt({ server: 'refuses' })] })));
  const failed = rowOf(peers).lastFailure ?? Number.NaN;
  expect(rowOf(peers, failed + 3e9).outUntil).toBe(failed + 10e9);
  expect(rowOf(peers, failed + 11e9).outUntil).toBeUndefined();
  peers.attempted(exchange({ ...answered, connection: { first: moment(3000) } }));
  expect(rowOf(peers, failed + 4e9).outUntil).toBeUndefined();
});

test('peers beyond the limit are counted, not kept', () => {
  const peers = new Peers();
  for (let n = 0; n < PEERS_LIMIT + 5; n++) {
    const peer = endpoint(`10.0.${n >> 8}.${n & 255}`, 80);
    peers.attempted(exchange({ ...answered, peer }));
  }
  expect(peers.rows(0)).toHaveLength(PEERS_LIMIT);
  expect(peers.unnamed).toBe(5);
});
