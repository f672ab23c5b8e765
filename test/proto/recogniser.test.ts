import { expect, test } from 'vitest';
import { ConnectionTracker } from '../../src/conn/tracker.ts';
import type { Connection, Direction } from '../../src/model/connection.ts';
import type { MessageSink } from '../../src/model/message.ts';
import { octetsOf } from '../../src/model/octets.ts';
import { SECOND } from '../../src/model/time.ts';
import { Recogniser } from '../../src/proto/recogniser.ts';
import { fakeConnection, runCases, textOctets } from '../kit/cases.ts';
import { MessageLog } from '../kit/message-log.ts';
import { type Conversation, Line } from '../kit/segments.ts';

runCases(new URL('./recognition.md', import.meta.url));

const moment = { at: 1, frame: 1 };
const sink: MessageSink = { recognised: () => {}, message: () => {} };

test('connections are counted by protocol, once', () => {
  const recogniser = new Recogniser(sink);
  const connection = fakeConnection();
  recogniser.opened(connection, moment);
  recogniser.established(connection, moment);
  for (const text of ['PROXY UNKNOWN\\r\\n', 'GET / HTTP/1.1\\r\\n\\r\\n', 'GET / HTTP/1.1\\r\\n\\r\\n']) {
    recogniser.chunk(connection, 'forward', octetsOf(textOctets(text)), moment);
  }
  recogniser.forgotten(connection, 'closed', 2);
  expect(recogniser.counts).toMatchObject({ recognised: { 'http/1': 1 }, unrecognised: 0, proxied: 1, tunnels: 0 });
});

test.each<[string, (recogniser: Recogniser, connection: Connection) => void]>([
  ['both sides finish', (recogniser, connection) => finish(recogniser, connection, ['forward', 'reverse'])],
  ['a side resets it', (recogniser, connection) => recogniser.reset(connection, 'reverse', moment)],
  ['it is forgotten', () => {}],
])('a tunnel is counted once: %s', (_, end) => {
  const recogniser = new Recogniser(sink);
  const connection = fakeConnection();
  recogniser.opened(connection, moment);
  const [asked, answered] = ['GET / HTTP/1.1\\r\\n\\r\\n', 'HTTP/1.1 101 Switching\\r\\n\\r\\n'].map(textOctets);
  recogniser.chunk(connection, 'forward', octetsOf(asked as Uint8Array), moment);
  recogniser.chunk(connection, 'reverse', octetsOf(answered as Uint8Array), moment);
  end(recogniser, connection);
  recogniser.forgotten(connection, 'closed', 2);
  expect(recogniser.counts).toMatchObject({ recognised: { 'http/1': 1 }, unrecognised: 0, tunnels: 1 });
});

test('what is told to be spoken on a connection is not looked for, and read from its midst', () => {
  const log = new MessageLog();
  const recogniser = new Recogniser(log);
  const connection: Connection = { ...fakeConnection(), midstream: true, spoken: 'http/2' };
  recogniser.opened(connection, moment);
  // The rest of a body; then HEADERS of stream 5: GET, https, `/cart` written out, and an authority that was told before.
  recogniser.chunk(connection, 'forward', octetsOf(textOctets('bbbb')), moment);
  const head = textOctets('\\x00\\x00\\x0a\\x01\\x05\\x00\\x00\\x00\\x05\\x82\\x87\\x04\\x05/cart\\xbe');
  recogniser.chunk(connection, 'forward', octetsOf(head), moment);
  expect(log.lines.join('\n')).toContain('GET /cart');
  expect(recogniser.counts.recognised['http/2']).toBe(1);
});

test('half a close leaves the other side to be read', () => {
  const said: string[] = [];
  const recogniser = new Recogniser({ recognised: () => {}, message: ({ kind }) => said.push(kind) });
  const connection = fakeConnection();
  recogniser.opened(connection, moment);
  recogniser.chunk(connection, 'forward', octetsOf(textOctets('GET / HTTP/1.1\\r\\n\\r\\n')), moment);
  finish(recogniser, connection, ['forward']);
  recogniser.chunk(connection, 'reverse', octetsOf(textOctets('HTTP/1.1 204 No\\r\\n\\r\\n')), moment);
  finish(recogniser, connection, ['reverse']);
  expect(said).toEqual(['request-head', 'request-end', 'response-start', 'response-head', 'response-end']);
});

function finish(recogniser: Recogniser, connection: Connection, directions: readonly Direction[]): void {
  for (const direction of directions) recogniser.finished(connection, direction, moment);
}

test('empty chunks and gaps say nothing', () => {
  const recogniser = new Recogniser(sink);
  const connection = fakeConnection();
  recogniser.chunk(connection, 'forward', octetsOf(new Uint8Array(0)), moment);
  recogniser.gap(connection, 'forward', 0, 'lost', moment);
  recogniser.refused(connection, moment);
  recogniser.forgotten(connection, 'closed', 2);
  expect(recogniser.counts.unrecognised).toBe(0);
});

test('octets are held as copies: the buffer they came in may be used again', () => {
  const messages: string[] = [];
  const recogniser = new Recogniser({
    recognised: () => {},
    message: (message) => messages.push(message.kind === 'request-head' ? message.target : message.kind),
  });
  const connection = fakeConnection();
  for (const text of ['BREW /p', 'ot HTTP/1.1\\r\\nHo', 'st: a\\r\\n\\r\\n']) {
    const bytes = textOctets(text);
    recogniser.chunk(connection, 'forward', octetsOf(bytes), moment);
    bytes.fill(0);
  }
  expect(messages).toEqual(['/pot', 'request-end']);
});

/** What a capture tells in which one end's octets never show. */
function oneWay(script: (line: Line, ends: Conversation) => void): string[] {
  const log = new MessageLog();
  const tracker = new ConnectionTracker(new Recogniser(log));
  const line = new Line(tracker);
  script(line, line.conversation());
  tracker.tick(line.now);
  tracker.end(line.now);
  return log.lines;
}

const REQUEST = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';
const ANSWER = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';
const REFUSAL = 'HTTP/1.1 502 Bad Gateway\r\nContent-Length: 2\r\n\r\nno';

test("responses are told where only the server's direction was captured, from its SYN-ACK on", () => {
  const lines = oneWay((line, { client, server }) => {
    line.withhold(() => client.syn());
    server.synAck();
    for (const answer of [ANSWER, REFUSAL]) {
      line.withhold(() => client.send(REQUEST));
      server.ack();
      server.send(answer);
      line.at(line.now + SECOND);
    }
    server.fin();
  });
  expect(lines.filter((line) => !line.startsWith(' '))).toEqual([
    'recognised @3 http/1 client=forward',
    'response-start @3',
    'response-head @3 200 HTTP/1.1 octets=38',
    'response-end @3 complete octets=40 body=2',
    'lost @4 client octets=54',
    'response-start @5',
    'response-head @5 502 HTTP/1.1 octets=47',
    'response-end @5 complete octets=49 body=2',
  ]);
});

test("requests are told where only the client's direction was captured, from its SYN on", () => {
  const lines = oneWay((line, { client, server }) => {
    client.syn();
    line.withhold(() => server.synAck());
    for (const answer of [ANSWER, REFUSAL]) {
      client.send(REQUEST);
      line.withhold(() => server.send(answer));
      client.ack();
      line.at(line.now + SECOND);
    }
    client.fin();
  });
  expect(lines.filter((line) => !line.startsWith(' '))).toEqual([
    'recognised @2 http/1 client=forward',
    'request-head @2 GET / HTTP/1.1 host=a octets=27',
    'request-end @2 octets=27',
    'request-head @4 GET / HTTP/1.1 host=a octets=27',
    'request-end @4 octets=27',
    'lost @4 server octets=40',
    'response-unseen @4',
    'lost @6 server octets=49',
  ]);
});

test('either direction alone is read from the middle of its connection, too', () => {
  const server = oneWay((line, ends) => {
    line.withhold(() => ends.handshake());
    line.withhold(() => ends.client.send(REQUEST));
    ends.server.send(REFUSAL);
  });
  expect(server).toContain('response-head @1 502 HTTP/1.1 octets=47');
  const client = oneWay((line, ends) => {
    line.withhold(() => ends.handshake());
    ends.client.send(REQUEST);
  });
  expect(client).toContain('request-head @1 GET / HTTP/1.1 host=a octets=27');
});
