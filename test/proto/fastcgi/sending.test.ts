import { expect, test } from 'vitest';
import { fastcgi } from '../../../src/proto/fastcgi/fastcgi.ts';
import {
  type Act,
  client,
  clientFin,
  clientMisses,
  clientRst,
  join,
  lines,
  play,
  server,
  serverRst,
} from '../cgi-talk.ts';
import { begin, PARAMS, params, record, request, stdin } from './records.ts';
import { FINAL, said } from './said.ts';

test('a body in STDIN ends with the empty record', () => {
  const acts = [client(join(begin(), params(PARAMS))), client(stdin('x'.repeat(1000), { size: 300, padding: 4 }))];
  expect(said(...acts)).toEqual([
    '1 request-head GET /checkout?id=7 HTTP/1.1 shop.example (238)',
    `2 request-end ${238 + 1000 + 4 * 12 + 8}`,
  ]);
});

test('a request that is cut within PARAMS is told as far as it came', () => {
  for (const closing of [clientFin, clientRst, serverRst]) {
    expect(said(client(request().subarray(0, 100)), closing)).toEqual(['2 request-head GET    (100)']);
  }
});

test('a snap length within PARAMS leaves the parameters before it, and the end of the request', () => {
  const cut = 160;
  expect(said(client(request().subarray(0, cut)), clientMisses(246 - cut), server(FINAL)).slice(0, 4)).toEqual([
    '2 lost forward 70',
    '2 lost forward 16',
    '2 request-head GET /checkout?id=7 HTTP/1.1  (238)',
    '2 request-end 246',
  ]);
});

test('a hole in the body loses nothing', () => {
  const post = join(begin(), params(PARAMS), record(5, 'x'.repeat(500)).subarray(0, 108));
  expect(said(client(post), clientMisses(400), client(record(5)))).toEqual([
    '1 request-head GET /checkout?id=7 HTTP/1.1 shop.example (238)',
    '3 request-end 754',
  ]);
});

test('a body whose records are missing is complete at CONTENT_LENGTH, with as many headers as it takes', () => {
  const list = [...PARAMS, ['CONTENT_LENGTH', '100000']] as const;
  const acts: Act[] = [
    client(join(begin(), params(list), record(5, 'x'.repeat(40_000)).subarray(0, 10))),
    clientMisses(99_000),
    client('x'.repeat(1000)),
    client('x'.repeat(100)),
    client('more'),
  ];
  expect(lines(play(fastcgi, acts)).slice(1)).toEqual(['4 request-end 100370']);
});

test('where the length is not known, an answer ends the request', () => {
  const some = params([['REQUEST_METHOD', 'GET']]).subarray(0, 20);
  expect(said(client(join(begin(), some)), clientMisses(500), server(FINAL)).slice(0, 5)).toEqual([
    '2 lost forward 7',
    '2 lost forward 493',
    '2 request-head     (43)',
    '3 request-end 536',
    '3 response-start',
  ]);
});

test('an answer before the end of PARAMS tells the request first; what PARAMS follow change nothing', () => {
  const octets = request();
  const acts = [client(octets.subarray(0, 100)), server(FINAL), client(octets.subarray(100))];
  expect(said(...acts).map((line) => line.split(' ').slice(0, 2).join(' '))).toEqual([
    '2 request-head',
    '2 response-start',
    '2 response-head',
    '2 end-request',
    '2 response-end',
    '3 request-end',
  ]);
});
