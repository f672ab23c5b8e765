import fc from 'fast-check';
import { expect, test } from 'vitest';
import { serverName } from '../../../src/proto/tls/client-hello.ts';

function hello(extensions: number[]): Uint8Array {
  const body = [
    3,
    3,
    ...new Array(32).fill(9),
    1,
    7,
    0,
    2,
    0x13,
    1,
    1,
    0,
    extensions.length >> 8,
    extensions.length & 255,
    ...extensions,
  ];
  return Uint8Array.from([1, 0, body.length >> 8, body.length & 255, ...body]);
}

const NAME = [0, 0, 0, 8, 0, 6, 0, 0, 3, 0x61, 0x2e, 0x62];

test('the name is found among the extensions', () => {
  const bytes = hello([0, 23, 0, 0, 0, 43, 0, 2, 9, 9, ...NAME]);
  expect(serverName(bytes, bytes.length)).toBe('a.b');
});

test('no name, no extensions, or octets that end before it', () => {
  const none = hello([0, 23, 0, 0]);
  expect(serverName(none, none.length)).toBe('');
  const bytes = hello(NAME);
  for (let length = 0; length < bytes.length; length++) expect(serverName(bytes, length)).toBe('');
});

test('any octets: a name or none', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 120 }), (bytes) => serverName(bytes, bytes.length).length <= 255));
});
