import { expect, test } from 'vitest';
import { scgi } from '../../src/proto/scgi/scgi.ts';
import { uwsgi } from '../../src/proto/uwsgi/uwsgi.ts';
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
  serverFin,
  serverMisses,
  serverRst,
} from './cgi-talk.ts';
import { HEADERS, netstring } from './scgi/requests.ts';
import { VARS, vars } from './uwsgi/requests.ts';

const kinds = (...acts: Act[]): string[] => {
  const whole = lines(play(uwsgi, acts)).map((line) => line.split(' ').slice(0, 2).join(' '));
  for (const size of [1, 3, 50]) {
    expect(lines(play(uwsgi, acts, size)).map((line) => line.split(' ').slice(0, 2).join(' '))).toEqual(whole);
  }
  return whole;
};
const head = vars(VARS);
const post = vars(VARS.map(([name, value]) => [name, name === 'CONTENT_LENGTH' ? '10' : value]));
const unsized = vars(VARS.filter(([name]) => name !== 'CONTENT_LENGTH'));

test('a request without CONTENT_LENGTH has no body', () => {
  expect(kinds(client(unsized))).toEqual(['1 request-head', '1 request-end']);
});

test('a body ends at CONTENT_LENGTH, and its octets are counted no further', () => {
  const acts = [client(join(post, '12345')), client('67890xxx'), client('yyy')];
  expect(lines(play(uwsgi, acts)).at(-1)).toBe(`2 request-end ${post.length + 10}`);
});

test('an answer before the whole body leaves the request going on', () => {
  expect(kinds(client(join(post, '12345')), server('\n'), client('67890'), serverFin)).toEqual([
    '1 request-head',
    '2 response-start',
    '2 response-head',
    '3 request-end',
    '4 response-end',
  ]);
});

test('an answer before the whole head tells what is known of it, and ends it', () => {
  expect(kinds(client(head.subarray(0, 60)), server('\n'), client(head.subarray(60)))).toEqual([
    '2 request-head',
    '2 request-end',
    '2 response-start',
    '2 response-head',
  ]);
});

test('a head that is cut is told by any close', () => {
  for (const closing of [clientFin, clientRst, serverRst]) {
    expect(kinds(client(head.subarray(0, 60)), closing)).toEqual(['2 request-head']);
  }
});

test('a close before anything says nothing', () => {
  expect(kinds(clientRst)).toEqual([]);
});

test('a head with a hole has a length all the same', () => {
  const acts = [client(post.subarray(0, 100)), clientMisses(post.length - 100 + 3), client('4567890')];
  expect(lines(play(uwsgi, acts)).slice(-2)).toEqual([
    `2 request-head GET /a?id=7   (${post.length})`,
    `3 request-end ${post.length + 10}`,
  ]);
});

test('a head that is missing altogether is known by the answer', () => {
  expect(kinds(client(head.subarray(0, 2)), clientMisses(300), server('\n'))).toEqual([
    '2 lost',
    '2 request-head',
    '3 request-end',
    '3 response-start',
    '3 response-head',
  ]);
});

test('a head that is broken is told, and why', () => {
  const [request, fault] = play(scgi, [client(netstring(HEADERS, ';'))]);
  expect(request).toMatchObject({ kind: 'request-head', target: '/a?id=7' });
  expect(fault).toMatchObject({ kind: 'fault', direction: 'forward', name: 'header-line' });
  expect(fault?.kind === 'fault' && fault.malformed?.text).toBe('no comma after the headers');
});

test('the client`s RST cuts an answer', () => {
  expect(kinds(client(head), server('\nbody'), clientRst).at(-1)).toBe('3 response-end');
  expect(kinds(client(head), server('\nbody'), serverMisses(9), clientFin, serverFin).at(-1)).toBe('5 response-end');
});
