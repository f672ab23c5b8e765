import { expect, test } from 'vitest';
import type { MessageSink } from '../../src/model/message.ts';
import { octetsOf } from '../../src/model/octets.ts';
import { Recogniser } from '../../src/proto/recogniser.ts';
import { fakeConnection, runCases, textOctets } from '../kit/cases.ts';

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
