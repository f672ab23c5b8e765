import { afterEach, expect, test, vi } from 'vitest';
import { FastLane } from '../../src/conn/fast-lane.ts';
import { established, type Scene } from './setup.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

/** What is heard, and what the connection says of itself, with the lane or without. */
function heard(open: boolean, act: (scene: Scene) => void) {
  const lane = vi.spyOn(FastLane.prototype, 'takes');
  if (!open) lane.mockReturnValue(false);
  const scene = established();
  const connection = scene.connection();
  act(scene);
  const taken = lane.mock.results.filter(({ value }) => value === true).length;
  vi.restoreAllMocks();
  const { forward, reverse, last, state } = connection as typeof connection & { state: string };
  const facts = [forward, reverse].map(({ octets, acknowledged, firstOctet, lastOctet, ...stream }) => ({
    ...{ octets, acknowledged, firstOctet, lastOctet },
    ...{ lastAcknowledgement: stream.lastAcknowledgement, zeroWindow: stream.zeroWindow, missing: stream.missing },
  }));
  return {
    taken,
    said: { lines: scene.log.lines, moments: scene.log.moments, facts, last, state, counters: scene.tracker.counters },
  };
}

test.each<[string, number, (scene: Scene) => void]>([
  ['octets in order and their acknowledgements', 4, talk],
  ['a bare acknowledgement', 1, ({ server }) => server.ack()],
  ['a window of zero', 1, ({ server }) => server.ack({ window: 0 })],
  ['octets that the capture cut', 2, cut],
])('%s: taken, and told as the rules tell it', (_, taken, act) => {
  const lane = heard(true, act);
  expect(lane.taken).toBe(taken);
  expect(lane.said).toEqual(heard(false, act).said);
});

function cut({ client, server }: Scene): void {
  client.send('whole', { length: 9 });
  server.send('', { length: 7 });
}

function talk({ client, server }: Scene): void {
  client.send('GET / HTTP/1.1\r\n\r\n');
  server.ack();
  server.send('HTTP/1.1 200 OK\r\n\r\n');
  server.send('body');
}

test.each<[string, (scene: Scene) => void]>([
  ['octets before their turn', ({ client }) => client.send('late', { seq: client.seq + 10 })],
  ['octets sent before', (scene) => again(scene)],
  ['an acknowledgement of what was not seen', ({ server, client }) => server.ack({ ack: client.seq + 5 })],
  ['an acknowledgement older than the last one', (scene) => oldAck(scene)],
  ['FIN', ({ client }) => client.fin()],
  ['RST', ({ client }) => client.rst()],
  ['anything while there is a hole', (scene) => afterHole(scene)],
  ['anything after FIN', (scene) => afterFin(scene)],
])('%s: left to the rules', (_, act) => {
  const lane = heard(true, act);
  const last = vi.spyOn(FastLane.prototype, 'takes');
  const scene = established();
  act(scene);
  expect(last.mock.results.at(-1)?.value).toBe(false);
  expect(lane.said).toEqual(heard(false, act).said);
});

function again({ client, server }: Scene): void {
  client.send('once');
  server.ack();
  client.again();
}

function oldAck({ client, server }: Scene): void {
  const { seq } = client;
  client.send('new');
  server.ack();
  server.ack({ ack: seq });
}

function afterHole({ client, server }: Scene): void {
  client.send('late', { seq: client.seq + 10 });
  server.ack({ ack: client.seq - 4 });
}

function afterFin({ client, server }: Scene): void {
  client.fin();
  server.ack();
  client.ack();
}
