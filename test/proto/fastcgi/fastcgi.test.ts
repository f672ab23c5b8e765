import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { octetsOf } from '../../../src/model/octets.ts';
import { fastcgi } from '../../../src/proto/fastcgi/fastcgi.ts';
import { octets } from '../cgi-talk.ts';
import { begin, endRequest, HEAD, record, request, stderr, stdout } from './records.ts';

const client = (bytes: string | Uint8Array): string => fastcgi.client(octetsOf(octets(bytes)));
const server = (bytes: string | Uint8Array): string => fastcgi.server(octetsOf(octets(bytes)));

describe('a client', () => {
  test('is known by BEGIN_REQUEST, up to its flags', () => {
    for (let length = 0; length < 11; length++) expect(client(request().subarray(0, length))).toBe('more');
    expect(client(request().subarray(0, 11))).toBe('yes');
    for (const role of [1, 2, 3]) expect(client(begin({ role, keepConn: true, id: 0x1234, padding: 8 }))).toBe('yes');
  });

  test('is known by GET_VALUES', () => {
    expect(client(record(9, 'FCGI', { id: 0 }))).toBe('yes');
    expect(client('\x01\x09\0\0')).toBe('more');
  });

  test.each([
    ['another version', '\x02'],
    ['another type', record(4, 'x')],
    ['a role that is none', begin({ role: 4 })],
    ['a content of another length', record(1, 'short')],
    ['flags that are none', '\x01\x01\0\x01\0\x08\0\0\0\x01\x02'],
    ['GET_VALUES of a request', record(9, '')],
    ['HTTP', 'GET / HTTP/1.1\r\n'],
  ])('is not %s', (_, bytes) => {
    expect(client(bytes)).toBe('no');
  });

  test('random octets are none', () => {
    fc.assert(fc.property(fc.uint8Array({ minLength: 11, maxLength: 64 }), (bytes) => client(bytes) === 'no'));
  });
});

describe('a server', () => {
  test.each([
    ['STDOUT', stdout(HEAD)],
    ['STDERR', stderr('x', { id: 300 })],
    ['END_REQUEST', endRequest()],
    ['GET_VALUES_RESULT', record(10, 'x', { id: 0 })],
  ])('is known by %s', (_, bytes) => {
    expect(server(bytes)).toBe('yes');
    expect(server(bytes.subarray(0, 7))).toBe('more');
  });

  test.each([
    ['a client', request()],
    ['END_REQUEST of another length', record(3, 'x')],
    ['HTTP', 'HTTP/1.1 200 OK\r\n'],
    ['a set reserved octet', '\x01\x06\0\x01\0\x08\0\x01'],
  ])('is not %s', (_, bytes) => {
    expect(server(bytes)).toBe('no');
  });
});
