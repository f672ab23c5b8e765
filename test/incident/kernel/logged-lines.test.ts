import { expect, test } from 'vitest';
import { isOfPeer, isOfRequest, LINES_KEPT, LoggedLines } from '../../../src/incident/kernel/logged-lines.ts';
import { exchange } from '../../kit/incidents.ts';
import { logged } from '../../kit/kernel-events.ts';

const MESSAGE = 'connect() failed (111: Connection refused) while connecting to upstream, client: 203.0.113.9';
const ASKED = exchange({ request: { method: 'GET', target: '/a?b=c' } });

const isOfIt = (tail: string) => isOfRequest(logged(1, MESSAGE + tail), ASKED);

test('a line is of the request that it names, of none that it names otherwise', () => {
  expect(isOfIt(', request: "GET /a?b=c HTTP/1.1", host: "a"')).toBe(true);
  expect(isOfIt(', request: "GET /a?b=cd HTTP/1.1"')).toBe(false);
  expect(isOfIt(', request: "POST /a?b=c HTTP/1.1"')).toBe(false);
});

test('a line that names no request, or is cut, may be of any that fits so far', () => {
  expect(isOfIt('')).toBe(true);
  expect(isOfIt(', request: "GET /a?')).toBe(true);
  expect(isOfIt(', request: "GET /b?')).toBe(false);
});

test('a message that holds the label itself does not hide the request that nginx names behind it', () => {
  expect(isOfIt(', request: "x", request: "GET /a?b=c HTTP/1.1"')).toBe(true);
});

test.each([
  ['http://127.0.0.1:9/a', '127.0.0.1:9', true],
  ['http://127.0.0.1:90/a', '127.0.0.1:9', false],
  ['fastcgi://127.0.0.1:9000', '127.0.0.1:9000', true],
  ['fastcgi://unix:/run/a.sock:', 'unix:/run/a.sock', true],
  ['http://unix:/run/a.sock:/a', 'unix:/run/b.sock', false],
  ['grpc://[::1]:50051', '[::1]:50051', true],
  ['http://group/a', '127.0.0.1:9', false],
])('upstream %s is the peer %s: %s', (upstream, peer, is) => {
  expect(isOfPeer(logged(1, `${MESSAGE}, upstream: "${upstream}", host: "a"`), peer)).toBe(is);
});

test('the latest lines are kept, each with its connection', () => {
  const lines = new LoggedLines();
  for (let socket = 1; socket <= LINES_KEPT + 1; socket++) lines.logged(logged(socket, MESSAGE, { socket }));
  expect(lines.of(1)).toBeUndefined();
  expect(lines.take(2)?.socket).toBe(2);
  expect(lines.of(2)).toBeUndefined();
});
