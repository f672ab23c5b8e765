import fc from 'fast-check';
import { expect, test } from 'vitest';
import { huffmanText } from '../../../src/proto/http2/huffman.ts';

function decode(...bytes: number[]): string | undefined {
  return huffmanText(Uint8Array.from(bytes), 0, bytes.length);
}

test('the examples of RFC 7541', () => {
  expect(decode(0xf1, 0xe3, 0xc2, 0xe5, 0xf2, 0x3a, 0x6b, 0xa0, 0xab, 0x90, 0xf4, 0xff)).toBe('www.example.com');
  expect(decode(0x64, 0x02)).toBe('302');
  expect(decode()).toBe('');
});

test('padding is the beginning of EOS, shorter than an octet; EOS itself is an error', () => {
  expect(decode(0x64, 0x02, 0xff)).toBeUndefined();
  expect(decode(0x07)).toBe('0');
  expect(decode(0x00)).toBeUndefined();
  expect(decode(0xff, 0xff, 0xff, 0xff)).toBeUndefined();
});

test('any octets: text or nothing', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 50 }), (bytes) => void huffmanText(bytes, 0, bytes.length)));
});
