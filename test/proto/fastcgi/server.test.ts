import { describe, expect, test } from 'vitest';
import { client, clientFin, clientRst, join, server, serverFin, serverRst } from '../cgi-talk.ts';
import { endRequest, HEAD, record, request, stderr, stdout } from './records.ts';
import { answered, FINAL, said } from './said.ts';

const faults = (lines: readonly string[]): string[] => lines.filter((line) => line.includes(' fault '));

describe('octets of another protocol are told', () => {
  test.each([
    ['HTT', 'record-version  "HTT"'],
    ['HTTP/1.1', 'other-protocol http "HTTP/1.1"'],
    ['\x15\x03\x01', 'other-protocol tls "\\u0015\\u0003\\u0001"'],
    [
      '\0\0\x12\x04\0\0\0\0\0more',
      'other-protocol http/2 "\\u0000\\u0000\\u0012\\u0004\\u0000\\u0000\\u0000\\u0000\\u0000"',
    ],
  ])('%j, when either side closes', (text, expected) => {
    for (const closing of [clientFin, clientRst, serverFin, serverRst]) {
      expect(faults(answered(server(text), closing)).map((line) => line.slice(2))).toEqual([
        `fault reverse ${expected} @0`,
      ]);
    }
  });

  test('after whole records too, with their offset', () => {
    expect(faults(answered(server(join(stderr('e'), 'HTTP/1.1\n'))))).toEqual([
      '2 fault reverse other-protocol http "HTTP/1.1\\n" @9',
    ]);
  });
});

test('nobody waits, so nothing is a fault', () => {
  const late = join(FINAL, stdout('late'), record(99), stdout('x', { id: 7 }), 'HTTP/1.1 200 OK\r\n');
  expect(said(client(request()), server(late), serverFin)).toHaveLength(6);
  expect(said(client(record(9, '', { id: 0 })), server('HTTP'), serverFin)).toEqual([]);
});

test('octets of a record that is rejected count to whoever waits', () => {
  const answer = join(record(99, 'abc', { padding: 5 }), stdout(HEAD, { id: 3 }), endRequest());
  expect(answered(server(answer))).toEqual([
    '2 response-start',
    '2 fault reverse record-type  "" @0',
    '2 end-request 0 0',
    `2 response-end complete ${answer.length} 0`,
  ]);
});

test('END_REQUEST without its statuses still ends the answer', () => {
  expect(answered(server(join(stdout(HEAD), record(3, 'abc')))).slice(2)).toEqual(['2 response-end complete 47 0']);
});

test('a management answer that was asked for is nobody`s', () => {
  const asked = join(record(9, '', { id: 0 }), request());
  expect(said(client(asked), server(record(10, 'xx', { id: 0, padding: 6 })), serverFin)).toHaveLength(2);
});
