import { expect, test } from 'vitest';
import type { Message } from '../../src/model/message.ts';
import { fakeConnection } from './cases.ts';
import { linesOf, normalised, visible } from './message-log.ts';

const connection = fakeConnection();
const { active: client, passive: server } = connection;
const dialogue = {
  connection,
  protocol: 'fastcgi',
  clientDirection: 'reverse',
  client,
  server,
  proxied: undefined,
} as const;
const said = { dialogue, moment: { at: 2, frame: 2 }, requestId: 1 };

test('octets that a text file cannot hold are escaped', () => {
  expect(visible('a\\\r\n\t\0\x01\xff…')).toBe('a\\\\\\r\\n\\t\\0\\x01\\xff…');
});

test.each<[Message, string[]]>([
  [
    {
      ...said,
      kind: 'request-head',
      start: { at: 1, frame: 1 },
      method: 'GET',
      target: '/a b',
      version: '',
      host: 'h',
      fields: [{ name: 'N', value: '' }],
      mayBearId: true,
      downstream: { clientAddress: '192.0.2.9', clientPort: 1, serverAddress: '192.0.2.8', serverPort: 2 },
      headOctets: 9,
    },
    ['request-head @2 #1 GET /a b ? host=h octets=9 from @1 downstream=192.0.2.9:1>192.0.2.8:2', '  N:'],
  ],
  [{ ...said, kind: 'stderr', text: 'PHP\n' }, ['stderr @2 #1 "PHP\\n"']],
  [{ ...said, kind: 'end-request', appStatus: 1, protocolStatus: 2 }, ['end-request @2 #1 app=1 protocol=2']],
  [{ ...said, kind: 'goaway', direction: 'forward', code: 1, lastStream: 3 }, ['goaway @2 #1 server code=1 last=3']],
  [{ ...said, kind: 'lost', direction: 'reverse', octets: 3 }, ['lost @2 #1 client octets=3']],
  [
    { ...said, kind: 'fault', direction: 'forward', name: 'chunk', detail: '', sample: 'x', malformed: undefined },
    ['fault @2 #1 server chunk "x"'],
  ],
])('a message is a line, its fields are lines below', (message, lines) => {
  expect(linesOf(message)).toEqual(lines);
});

test('samples and the pieces of a text depend on the split, and are made equal', () => {
  expect(
    normalised(['stderr @1 #1 "a"', 'stderr @1 #1 "b"', 'stderr @2 #1 "c"', 'fault @1 server http09 "xyz"']),
  ).toEqual(['stderr @1 #1 "ab"', 'stderr @2 #1 "c"', 'fault @1 server http09']);
});
