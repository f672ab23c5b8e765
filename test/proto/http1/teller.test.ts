import { expect, test } from 'vitest';
import type { Dialogue, Message } from '../../../src/model/message.ts';
import { Teller } from '../../../src/proto/http1/teller.ts';
import { fakeConnection } from '../../kit/cases.ts';

const connection = fakeConnection();
const moment = { at: 1, frame: 1 };

function head(lines: string): string {
  return `HTTP/1.1 200 OK\r\n${lines}\r\n`;
}

function tell(clientDirection: Dialogue['clientDirection'], act: (teller: Teller) => void): Message[] {
  const said: Message[] = [];
  const { active: client, passive: server } = connection;
  act(
    new Teller({ connection, protocol: 'http/1', clientDirection, client, server, proxied: undefined }, (message) =>
      said.push(message),
    ),
  );
  return said;
}

test('faults and losses name the direction of their side', () => {
  const said = tell('reverse', (teller) => {
    teller.fault('client', 'chunk', '', 'x', 7, 'why', moment);
    teller.fault('server', 'head-too-big', '', 'x', 7, 'why', moment);
    teller.lost('server', 3, moment);
  });
  expect(said).toMatchObject([
    { direction: 'reverse', malformed: { why: 'malformed', offset: 7 } },
    { direction: 'forward', malformed: { why: 'limit' } },
    { direction: 'forward', octets: 3 },
  ]);
});

test('messages of a kind have one shape', () => {
  const said = tell('forward', (teller) => {
    teller.responseHead({ version: 'HTTP/1.1', status: 103 }, true, head(''), 9, moment);
    teller.responseHead({ version: 'HTTP/1.1', status: 200 }, false, head('a: b\r\n'), 9, moment);
  });
  const [first, second] = said.map((message) => Object.keys(message));
  expect(first).toEqual(second);
});

test('fields are made once, however often they are asked for', () => {
  const [first] = tell('forward', (teller) =>
    teller.responseHead({ version: 'HTTP/1.1', status: 200 }, false, head('a: b\r\n'), 9, moment),
  );
  if (first?.kind !== 'response-head') throw new Error('no head was told');
  expect(first.fields).toEqual([{ name: 'a', value: 'b' }]);
  expect(first.fields).toBe(first.fields);
});
