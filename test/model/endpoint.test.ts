import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addressText, endpoint, endpointOf, maybeEnd } from '../../src/model/endpoint.ts';
import type { AddressWords } from '../../src/model/segment.ts';

function words(...groups: number[]): AddressWords {
  const word = (at: number): number => (((groups[at] ?? 0) << 16) | (groups[at + 1] ?? 0)) >>> 0;
  return { w0: word(0), w1: word(2), w2: word(4), w3: word(6) };
}

test('an endpoint is written as users write it', () => {
  expect(endpoint('127.0.0.1', 80).text).toBe('127.0.0.1:80');
  expect(endpoint('::1', 80).text).toBe('[::1]:80');
  expect(endpoint('unix:/run/fpm.sock', 0).text).toBe('unix:/run/fpm.sock');
});

test('an IPv4-mapped address is written as IPv4', () => {
  expect(endpointOf(words(0, 0, 0, 0, 0, 0xffff, 0xcb00, 0x71ff), 8080)).toMatchObject({
    address: '203.0.113.255',
    port: 8080,
    text: '203.0.113.255:8080',
  });
});

test.each([
  ['2001:db8::1', [0x2001, 0xdb8, 0, 0, 0, 0, 0, 1]],
  ['::', []],
  ['::1', [0, 0, 0, 0, 0, 0, 0, 1]],
  ['1::', [1]],
  ['fe80::aabb:0:0:1', [0xfe80, 0, 0, 0, 0xaabb, 0, 0, 1]],
  ['1::4:0:0:7:8', [1, 0, 0, 4, 0, 0, 7, 8]],
  ['1:0:3:4:5:6:7:8', [1, 0, 3, 4, 5, 6, 7, 8]],
  ['::ffff:1:2:3', [0, 0, 0, 0, 0xffff, 1, 2, 3]],
])('%s is written as RFC 5952 wants it', (text, groups) => {
  expect(addressText(words(...groups))).toBe(text);
});

test('what is written is the address', () => {
  const group = fc.oneof({ weight: 2, arbitrary: fc.constant(0) }, fc.integer({ min: 1, max: 0xffff }));
  const groups = fc.array(group, { minLength: 8, maxLength: 8 }).filter(([a, b, c, d, e, f]) => {
    return a !== 0 || b !== 0 || c !== 0 || d !== 0 || e !== 0 || f !== 0xffff;
  });
  fc.assert(
    fc.property(groups, (all) => {
      const [head = '', tail] = addressText(words(...all)).split('::');
      const read = (part: string): number[] =>
        part === '' ? [] : part.split(':').map((hex) => Number.parseInt(hex, 16));
      const [front, back] = [read(head), read(tail ?? '')];
      const zeros = tail === undefined ? [] : Array.from({ length: 8 - front.length - back.length }, () => 0);
      expect([...front, ...zeros, ...back]).toEqual(all);
    }),
  );
});

test('what is written as an end is read again, and nothing else is', () => {
  const group = fc.integer({ min: 0, max: 0xffff });
  const groups = fc.oneof(
    fc.array(fc.oneof(fc.constant(0), group), { minLength: 8, maxLength: 8 }),
    fc.tuple(group, group).map((two) => [0, 0, 0, 0, 0, 0xffff, ...two]),
  );
  fc.assert(
    fc.property(groups, group, (all, port) => {
      const from = words(...all);
      expect(maybeEnd(endpointOf(from, port).text)).toEqual({ words: from, port });
    }),
  );
  for (const text of ['', '10.0.0.1', '10.0.0.256:80', '10.0.1:80', '[::g]:80', '[1:2]:80', 'unix:/run/a.sock']) {
    expect(maybeEnd(text), text).toBeUndefined();
  }
});
