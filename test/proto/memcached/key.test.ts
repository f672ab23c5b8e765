import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mayBecomeGet, maybeKey } from '../../../src/proto/memcached/key.ts';

test('the key of a get command is the rest of its line', () => {
  expect(maybeKey('get /shop/a?id=7\r\n')).toBe('/shop/a?id=7');
  expect(maybeKey('get caf\xe9\r\n')).toBe('caf\xe9');
});

test.each(['get a b\r\n', 'get a\n', 'get a', 'gets a\r\n', 'GET a\r\n', 'get \x7f\r\n', ' get a\r\n', 'get a\r\nx'])(
  '%j is no get command',
  (line) => expect(maybeKey(line)).toBeUndefined(),
);

test('every beginning of a get command may become one', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[\x21-\x7e]{1,500}$/), fc.nat(505), (key, length) => {
      expect(mayBecomeGet(`get ${key}\r\n`.slice(0, Math.min(length, key.length + 5)))).toBe(true);
    }),
  );
});

test.each(['x', 'get a b', 'get a\rb', `get ${'k'.repeat(501)}`])('%j never will', (text) => {
  expect(mayBecomeGet(text)).toBe(false);
});
