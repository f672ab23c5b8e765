import { expect, test } from 'vitest';
import { octetsOf } from '../../../src/model/octets.ts';
import { beginsClient, beginsServer, PREFACE } from '../../../src/proto/http2/preface.ts';
import { textOctets } from '../../kit/cases.ts';

test('a client is proved by the first 14 octets of its preface', () => {
  const preface = Uint8Array.from(PREFACE, (character) => character.charCodeAt(0));
  for (let length = 0; length <= preface.length; length++) {
    expect(beginsClient(octetsOf(preface.slice(0, length)))).toBe(length < 14 ? 'more' : 'yes');
  }
  expect(beginsClient(octetsOf(textOctets('PRI * HTTP/2.0\\r\\n\\r\\nXX')))).toBe('no');
});

test('a server is proved by its SETTINGS', () => {
  expect(beginsServer(octetsOf(Uint8Array.of(0, 0, 6, 4, 0, 0, 0, 0, 0)))).toBe('yes');
  expect(beginsServer(octetsOf(Uint8Array.of(0, 0, 6, 4)))).toBe('more');
  expect(beginsServer(octetsOf(textOctets('HTTP/1.1 200')))).toBe('no');
});
