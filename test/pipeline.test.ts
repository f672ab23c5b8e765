/** The whole line on captures made here: frames in, verdicts out. */
import { describe, expect, test } from 'vitest';
import { CONN_LIMITS } from '../src/conn/limits.ts';
import { MILLISECOND, type Nanos, SECOND } from '../src/model/time.ts';
import type { Verdict } from '../src/model/verdict.ts';
import { createPipeline, type Pipeline } from '../src/pipeline.ts';
import { CaptureStream } from '../src/sources/pcap/capture-stream.ts';
import { Reading } from '../src/sources/pcap/reading.ts';
import { type Packet, pcapngFile } from './kit/capture-files.ts';
import { tcpFrame } from './kit/packets.ts';
import { refusedCapture } from './sinks/kit/refused-capture.ts';
import { EPOCH } from './sinks/kit/verdicts.ts';

interface Run {
  readonly pipeline: Pipeline;
  readonly verdicts: Verdict[];
  readonly losses: number[];
  readonly latest: Nanos;
}

/** All records of a capture, without the end. */
function run(
  capture: Uint8Array,
  settle: Nanos = 250 * MILLISECOND,
  gateways: readonly string[] = [],
  limits = CONN_LIMITS,
): Run {
  const verdicts: Verdict[] = [];
  const losses: number[] = [];
  const pipeline = createPipeline(
    { gateways, settle, limits },
    { verdict: (verdict) => verdicts.push(verdict), loss: ({ count }) => losses.push(count) },
  );
  const reading = new Reading(pipeline, { epoch: () => {} });
  const stream = new CaptureStream(reading);
  stream.push(capture);
  stream.end();
  return { pipeline, verdicts, losses, latest: reading.latest };
}

/** Requests on one connection of a client, two of which a peer answers on one connection of the gateway; one's peer refuses. */
function keptAlive(lost?: 'answer to /2' | 'request /2' | 'answer of the peer'): Packet[] {
  const packets: Packet[] = [];
  const ends = (from: string, to: string) => ({ from, to, seq: 100, ack: 100 });
  const client = ends('203.0.113.9:20000', '10.0.0.1:80');
  const gateway = ends('10.0.0.1:80', '203.0.113.9:20000');
  const own = ends('10.0.0.1:30000', '10.0.0.7:8080');
  const peer = ends('10.0.0.7:8080', '10.0.0.1:30000');
  const send = (spec: Parameters<typeof tcpFrame>[0], what?: string): void => {
    if (what !== lost || what === undefined) {
      packets.push({ at: EPOCH + BigInt(packets.length + 1) * 100_000n, octets: tcpFrame(spec) });
    }
  };
  const opened = (one: typeof client, other: typeof client): void => {
    send({ ...one, flags: 'SYN', seq: 99 });
    send({ ...other, flags: 'SYN ACK', seq: 99 });
    send(one);
  };
  const say = (one: typeof client, other: typeof client, payload: string, what?: string): void => {
    send({ ...one, flags: 'PSH ACK', payload }, what);
    one.seq += payload.length;
    other.ack = one.seq;
  };
  const asks = (target: string) => `GET ${target} HTTP/1.1\r\nHost: shop.example\r\n\r\n`;
  const answers = (status: number) => `HTTP/1.1 ${status} X\r\nContent-Length: 3\r\n\r\nabc`;
  opened(client, gateway);
  opened(own, peer);
  for (const target of ['/1', '/2', '/3']) {
    say(client, gateway, asks(target), `request ${target}`);
    say(own, peer, asks(target));
    say(peer, own, answers(200), target === '/2' ? 'answer of the peer' : undefined);
    say(gateway, client, answers(200), `answer to ${target}`);
  }
  say(client, gateway, asks('/down'));
  send({ ...ends('10.0.0.1:31000', '10.0.0.8:8080'), flags: 'SYN', seq: 99 });
  send({ ...ends('10.0.0.8:8080', '10.0.0.1:31000'), flags: 'RST ACK', seq: 0 });
  say(gateway, client, answers(502));
  for (const target of ['/4', '/5']) {
    say(client, gateway, asks(target));
    say(own, peer, asks(target));
    say(peer, own, answers(200));
    say(gateway, client, answers(200));
  }
  return packets;
}

const said = ({ verdicts }: Run): string[] => verdicts.map(({ finding }) => finding.cause);

test('a 502 becomes a verdict, with the attempt that caused it', () => {
  const made = run(refusedCapture());
  made.pipeline.end();
  expect(said(made)).toEqual(['connect-refused']);
  const [verdict] = made.verdicts;
  expect(verdict?.incident.exchange.request?.target).toBe('/api/cart?id=7');
  expect(verdict?.attempts.map(({ attempt }) => attempt.peer.text)).toEqual(['10.0.0.7:8080']);
});

test('a verdict is given once capture time has passed the settle window, with or without records', () => {
  const made = run(refusedCapture());
  expect(said(made)).toEqual([]);
  made.pipeline.tick(made.latest + SECOND);
  expect(said(made)).toEqual(['connect-refused']);
  made.pipeline.end();
  expect(said(made)).toEqual(['connect-refused']);
});

test('later frames let earlier requests settle', () => {
  const made = run(refusedCapture({ requests: 40 }));
  expect(made.verdicts.length).toBeGreaterThan(20);
  made.pipeline.end();
  expect(made.verdicts).toHaveLength(40);
});

test('connections that nobody had room to follow are as good as lost to the requests of that time', () => {
  const packets: Packet[] = [];
  const send = (spec: Parameters<typeof tcpFrame>[0]): void => {
    packets.push({ at: EPOCH + BigInt(packets.length + 1) * 1_000n, octets: tcpFrame(spec) });
  };
  const open = (from: string, to: string): void => {
    send({ from, to, flags: 'SYN', seq: 99, ack: 0 });
    send({ from: to, to: from, flags: 'SYN ACK', seq: 99, ack: 100 });
    send({ from, to, seq: 100, ack: 100 });
  };
  const [client, gateway] = ['203.0.113.9:20000', '10.0.0.1:80'];
  const asked = 'GET /a HTTP/1.1\r\nHost: shop.example\r\n\r\n';
  open(client, gateway);
  for (let n = 1; n <= 8; n++) open(`198.51.100.${n}:1024`, gateway);
  send({ from: client, to: gateway, seq: 100, ack: 100, payload: asked });
  send({ from: '10.0.0.1:30000', to: '10.0.0.7:8080', flags: 'SYN', seq: 99, ack: 0 });
  const answer = 'HTTP/1.1 502 X\r\nContent-Length: 0\r\n\r\n';
  send({ from: gateway, to: client, seq: 100, ack: 100 + asked.length, payload: answer });
  const made = run(pcapngFile(packets), SECOND, [gateway], { ...CONN_LIMITS, connections: 8 });
  made.pipeline.end();
  expect(made.verdicts.map(({ finding }) => [finding.confidence, finding.unseen.join()])).toEqual([
    ['possible', expect.stringContaining('or that were not followed')],
  ]);
});

test('an endpoint that is not among the gateways named is none', () => {
  const made = run(refusedCapture(), SECOND, ['10.0.0.99:80']);
  made.pipeline.end();
  expect(made.verdicts).toEqual([]);
});

test('a loss is handed on at once', () => {
  const made = run(new Uint8Array());
  made.pipeline.loss({ at: 0, count: 23, where: 'ring' });
  expect(made.losses).toEqual([23]);
});

test('every station counts', () => {
  const made = run(refusedCapture({ requests: 3 }));
  made.pipeline.journal({ number: 31, at: made.latest, fields: new Map() });
  made.pipeline.end();
  expect(made.pipeline.counters()).toMatchObject({
    frames: 30,
    kernel: { events: 0, unreadable: 0 },
    protocols: { recognised: { 'http/1': 3 }, unrecognised: 0 },
    incidents: { requests: 3, incidents: 3, masked: 0 },
  });
});

describe('on a kept-alive connection of which one frame was not captured', () => {
  test.each<[string, Parameters<typeof keptAlive>[0], string]>([
    ['none', undefined, 'connect-refused'],
    ['an answer', 'answer to /2', 'connect-refused'],
    // The requests behind it are known of only later: whose attempt it was, nobody can tell any more.
    ['a request', 'request /2', 'unknown'],
    ['the answer of the peer', 'answer of the peer', 'connect-refused'],
  ])('%s: the 502 is still that of the request that got it', (_, lost, cause) => {
    const made = run(pcapngFile(keptAlive(lost)));
    made.pipeline.end();
    const told = made.verdicts.map(({ incident }) => incident.exchange.request?.target);
    expect(told).toEqual(['/down']);
    expect(said(made)).toEqual([cause]);
  });
});

describe('clients that come by TLS', () => {
  const NGINX = { PROCESS: '3312', NAME: 'nginx' };
  const CLIENT = { LOCAL: '10.0.0.1:443', REMOTE: '203.0.113.9:58884', SOCKET: '6' };
  const PEER = { LOCAL: '10.0.0.1:40001', REMOTE: '10.0.0.7:9000', SOCKET: '7' };
  const REFUSED = { EVENT: 'attempt-ended', ...NGINX, ...PEER, ERRNO: '111', NEVER_OPEN: '1', AFTER_READ: '1' };
  const SAID = {
    REQUEST: 'GET /cart HTTP/1.1\\x0d\\x0aHost: shop.example\\x0d\\x0a\\x0d\\x0a',
    RESPONSE: 'HTTP/1.1 502 Bad Gateway\\x0d\\x0aContent-Length: 0\\x0d\\x0a\\x0d\\x0a',
    REQUESTED_BEFORE: '900000',
  };

  /** What is said where the kernel tells of these, a millisecond apart. */
  function told(...entries: Record<string, string>[]) {
    const verdicts: Verdict[] = [];
    const pipeline = createPipeline(
      { gateways: [], settle: 250 * MILLISECOND },
      { verdict: (verdict) => verdicts.push(verdict), loss: () => {} },
    );
    [{ EVENT: 'witness', PROBES: 'attempts answers plaintext' }, ...entries].forEach((fields, at) => {
      const named = Object.entries(fields).map(([name, value]): [string, string] => [`WHY502_${name}`, value]);
      pipeline.journal({ at: (at + 1) * MILLISECOND, number: at + 1, fields: new Map(named) });
    });
    pipeline.end();
    return { verdicts, counters: pipeline.counters().incidents };
  }

  test('their 502 is told with its request, and the attempt that the gateway made for it', () => {
    const answer = { EVENT: 'answered', ...NGINX, ...CLIENT, AFTER: '7', STATUS: '502', NTH: '3', ...SAID };
    const { verdicts, counters } = told(REFUSED, answer);
    expect(
      verdicts.map(({ incident, attempts }) => [incident.exchange, attempts.map(({ attempt }) => attempt.peer.text)]),
    ).toMatchObject([
      [{ nth: 3, request: { target: '/cart', host: 'shop.example' }, response: { status: 502 } }, ['10.0.0.7:9000']],
    ]);
    expect(counters).toMatchObject({ incidents: 1, veiled: 0 });
  });

  test('one whose request could not be read is counted', () => {
    const frames = { ...SAID, REQUEST: '\\x00\\x00\\x00\\x04\\x01\\x00\\x00\\x00\\x00', PROTOCOL: 'http/2' };
    const answer = { EVENT: 'answered', ...NGINX, ...CLIENT, AFTER: '7', STATUS: '502', ...frames };
    expect(told(REFUSED, answer)).toMatchObject({ verdicts: [], counters: { incidents: 0, veiled: 1 } });
  });
});
