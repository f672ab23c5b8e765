import { expect, test } from 'vitest';
import { memcached } from '../../../src/proto/memcached/memcached.ts';
import { WAITING_LIMIT } from '../../../src/proto/memcached/parser.ts';
import { client, clientMisses, clientRst, lines, play, server } from '../cgi-talk.ts';

test('a request is told with its last octet: nothing more is owed', () => {
  expect(lines(play(memcached, [client('get /a'), client('\r\n')]))).toEqual([
    '2 request-head GET /a   (8)',
    '2 request-end 8',
  ]);
});

test('a client that asks for more keys than we remember is followed no further', () => {
  const told = lines(play(memcached, [client('get /a\r\n'.repeat(WAITING_LIMIT + 5))]));
  expect(told.filter((line) => line.includes('request-head'))).toHaveLength(WAITING_LIMIT);
  expect(told.at(-1)).toBe('1 lost forward 8');
});

test('the rest of a line after a gap is no command of an application', () => {
  const acts = [client('get /a\r\n'), server('END\r\n'), clientMisses(6), client('/b\r\nget /c\r\n')];
  const told = lines(play(memcached, acts));
  expect(told.slice(-3)).toEqual(['3 lost forward 6', '4 request-head GET /c   (8)', '4 request-end 8']);
});

test("the client's RST ends the answer", () => {
  const acts = [client('get /a\r\n'), server('VALUE /a 0 9\r\nabc'), clientRst];
  expect(lines(play(memcached, acts)).at(-1)).toBe('3 response-end cut 17 3');
});
