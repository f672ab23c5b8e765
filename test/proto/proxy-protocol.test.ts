import fc from 'fast-check';
import { expect, test } from 'vitest';
import { proxyHeader } from '../../src/proto/proxy-protocol.ts';
import { textOctets } from '../kit/cases.ts';

const SIGNATURE = [13, 10, 13, 10, 0, 13, 10, 0x51, 0x55, 0x49, 0x54, 10];

function read(bytes: Uint8Array) {
  return proxyHeader(bytes, 0, bytes.length);
}

test('version 1 tells the source', () => {
  const line = textOctets('PROXY TCP4 203.0.113.7 192.0.2.1 51000 443\\r\\n');
  expect(read(line)).toMatchObject({ length: line.length, source: { text: '203.0.113.7:51000' } });
  expect(read(textOctets('PROXY TCP6 2001:db8::7 2001:db8::1 51000 443\\r\\n'))).toMatchObject({
    source: { text: '[2001:db8::7]:51000' },
  });
});

test('version 1 without a known source is a header too', () => {
  expect(read(textOctets('PROXY UNKNOWN whatever\\r\\nGET'))).toEqual({ length: 24, source: undefined });
});

test('version 2 tells the source in octets', () => {
  const v4 = Uint8Array.of(...SIGNATURE, 0x21, 0x11, 0, 12, 203, 0, 113, 7, 192, 0, 2, 1, 0xc7, 0x38, 1, 0xbb);
  expect(read(v4)).toMatchObject({ length: 28, source: { text: '203.0.113.7:51000' } });
  const six = [0x20, 1, 0xd, 0xb8, ...new Array(11).fill(0), 7];
  const v6 = Uint8Array.of(...SIGNATURE, 0x21, 0x21, 0, 36, ...six, ...six, 0xc7, 0x38, 1, 0xbb);
  expect(read(v6)).toMatchObject({ length: 52, source: { text: '[2001:db8::7]:51000' } });
});

test('version 2 is longer than its addresses where it has TLVs, and has none for LOCAL', () => {
  const tlv = Uint8Array.of(...SIGNATURE, 0x21, 0x11, 1, 0, 203, 0, 113, 7, 192, 0, 2, 1, 0xc7, 0x38, 1, 0xbb);
  expect(read(tlv)).toMatchObject({ length: 16 + 256, source: { port: 51000 } });
  expect(read(Uint8Array.of(...SIGNATURE, 0x20, 0, 0, 0))).toEqual({ length: 16, source: undefined });
});

test.each([
  'PROXY TCP4 203.0.113.7\\r\\n',
  'PROXY TCP5 203.0.113.7 192.0.2.1 51000 443\\r\\n',
  'PROXY TCP4 <script> 192.0.2.1 51000 443\\r\\n',
  'PROXY TCP4 203.0.113.7 192.0.2.1 x 443\\r\\n',
  'GET / HTTP/1.1\\r\\n',
  `PROXY TCP4 ${'1'.repeat(120)}`,
])('no header: %s', (text) => {
  expect(read(textOctets(text))).toBe('no');
});

test('another major version is none', () => {
  expect(read(Uint8Array.of(...SIGNATURE, 0x31, 0x11, 0, 0))).toBe('no');
});

test('any octets: an answer, and every beginning of a header asks for more', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void read(bytes)));
  const line = textOctets('PROXY TCP4 203.0.113.7 192.0.2.1 51000 443\\r\\n');
  for (let length = 0; length < line.length; length++) expect(read(line.slice(0, length))).toBe('more');
  const v2 = Uint8Array.of(...SIGNATURE, 0x21, 0x11, 0, 12, 203, 0, 113, 7, 192, 0, 2, 1, 0xc7, 0x38, 1, 0xbb);
  for (let length = 0; length < v2.length; length++) expect(read(v2.slice(0, length))).toBe('more');
});
