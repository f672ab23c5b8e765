import { describe, expect, test } from 'vitest';
import { parseErrorLine, readLog, splitList } from './nginx-log.ts';

const access = (pid: number, connection: number, uri: string) =>
  JSON.stringify({ pid: String(pid), connection: String(connection), request_uri: uri });
const error = (pid: number, connection: number, message: string) =>
  `2026/11/20 13:07:51 [error] ${pid}#${pid}: *${connection} ${message}, client: 127.0.0.1, server: shop.example, request: "GET /a HTTP/1.1", upstream: "http://127.0.0.1:9/a", host: "shop.example"`;

describe("nginx's log", () => {
  test('gives the error lines of a connection to the next access line of it', () => {
    const text = [error(1, 7, 'one'), error(1, 8, 'other'), access(1, 7, '/a'), error(1, 7, 'two'), access(1, 7, '/b')];
    const requests = readLog(text.join('\n'));
    expect(requests.map((request) => request.errors.map((line) => line.message))).toEqual([['one'], ['two']]);
  });

  test('keeps equal connection numbers of two workers apart', () => {
    const text = [error(1, 7, 'of the first'), access(2, 7, '/a'), access(1, 7, '/b')];
    expect(readLog(text.join('\n')).map((request) => request.errors.length)).toEqual([0, 1]);
  });

  test('ignores lines without a connection', () => {
    expect(readLog('2026/11/20 13:07:52 [notice] 1#1: exit\n')).toEqual([]);
  });

  test('separates the message from the fields behind it', () => {
    const line = parseErrorLine(
      'recv() failed (104: Connection reset by peer) while reading response header from upstream, client: ::1, server: shop.example, request: "GET /a HTTP/1.1", subrequest: "/auth", upstream: "fastcgi://unix:/run/a.sock:", host: "a"',
    );
    expect(line.message).toBe(
      'recv() failed (104: Connection reset by peer) while reading response header from upstream',
    );
    expect(line.subrequest).toBe('/auth');
    expect(line.upstream).toBe('fastcgi://unix:/run/a.sock:');
  });
});

describe('a list of attempts', () => {
  test.each([
    ['127.0.0.1:1', ['127.0.0.1:1']],
    ['127.0.0.1:1, [::1]:2', ['127.0.0.1:1', '[::1]:2']],
    ['127.0.0.1:1 : unix:/run/a.sock', ['127.0.0.1:1', 'unix:/run/a.sock']],
    ['127.0.0.1:1, group', ['127.0.0.1:1', 'group']],
    ['', []],
    ['-', []],
  ])('%j holds %j', (value, expected) => {
    expect(splitList(value)).toEqual(expected);
  });
});
