import { expect, test } from 'vitest';
import { fastcgi } from '../../../src/proto/fastcgi/fastcgi.ts';
import { OPEN_LIMIT } from '../../../src/proto/fastcgi/requests.ts';
import { client, join, lines, play, server, serverMisses } from '../cgi-talk.ts';
import { begin, HEAD, request, stdout } from './records.ts';
import { FINAL, said } from './said.ts';

test('so many requests are open at most; of one that is forgotten no record is a fault', () => {
  const ids = Array.from({ length: OPEN_LIMIT + 8 }, (_, index) => index + 1);
  const last = OPEN_LIMIT + 8;
  const acts = [
    client(join(...ids.map((id) => begin({ id })))),
    server(stdout(HEAD, { id: 1 })),
    server(stdout(HEAD, { id: last })),
  ];
  const all = said(...acts);
  expect(all.filter((line) => line.includes('lost'))).toHaveLength(8);
  expect(all.filter((line) => line.includes('fault'))).toEqual([]);
  expect(all.at(-1)).toBe(`3 #${last} response-head 200 Content-Type=text/plain`);
});

test('an id that is used again proves that the answer before it had ended', () => {
  const acts = [client(request()), server(stdout(`${HEAD}ab`)), serverMisses(16), client(request()), server(FINAL)];
  expect(said(...acts).slice(4)).toEqual([
    '3 response-end complete 54 2',
    '4 request-head GET /checkout?id=7 HTTP/1.1 shop.example (238)',
    '4 request-end 246',
    '5 response-start',
    '5 response-head 200 Content-Type=text/plain',
    '5 end-request 0 0',
    '5 response-end complete 54 2',
  ]);
});

test('a request that is over on both sides is forgotten: a thousand one after the other stay in order', () => {
  const acts = Array.from({ length: 1000 }, () => [client(request()), server(FINAL)]).flat();
  expect(lines(play(fastcgi, acts))).toHaveLength(6000);
});

test('a request that was never answered gives way to the next one of its id', () => {
  expect(said(client(request()), client(request()), server(FINAL)).map((line) => line.split(' ')[1])).toEqual([
    'request-head',
    'request-end',
    'request-head',
    'request-end',
    'response-start',
    'response-head',
    'end-request',
    'response-end',
  ]);
});
