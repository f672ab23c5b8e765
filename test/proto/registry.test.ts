import { expect, test } from 'vitest';
import { octetsOf } from '../../src/model/octets.ts';
import { PROTOCOLS } from '../../src/proto/registry.ts';
import { textOctets } from '../kit/cases.ts';

test('every protocol is listed once', () => {
  const names = PROTOCOLS.map(({ name }) => name);
  expect(names).toHaveLength(new Set(names).size);
  expect(names.slice(0, 3)).toEqual(['http/1', 'http/2', 'tls']);
});

test.each([
  ['http/1', 'GET / HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n'],
  ['http/1', 'PRINT /x HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n'],
  ['http/2', 'PRI * HTTP/2.0\\r\\n\\r\\nSM\\r\\n\\r\\n'],
  ['tls', '\\x16\\x03\\x01\\x02\\0\\x01\\0\\x01\\xfc\\x03\\x03'],
  ['fastcgi', '\\x01\\x01\\0\\x01\\0\\x08\\0\\0\\0\\x01\\0\\0\\0\\0\\0\\0'],
  ['scgi', '70:CONTENT_LENGTH\\x000\\0SCGI\\x001\\0'],
  ['memcached', 'get /shop/a\\r\\n'],
])('first octets of a client are proved by %s alone: %s', (name, text) => {
  const proved = PROTOCOLS.filter((protocol) => protocol.client(octetsOf(textOctets(text))) === 'yes');
  expect(proved.map((protocol) => protocol.name)).toEqual([name]);
});

test.each([
  'SSH-2.0-OpenSSH\\r\\n',
  'OPTIONS rtsp://a RTSP/1.0\\r\\n\\r\\n',
  'EHLO a\\r\\n',
  '*1\\r\\n$4\\r\\nPING\\r\\n',
])('first octets of something else are nobody’s: %s', (text) => {
  const octets = octetsOf(textOctets(text));
  expect(PROTOCOLS.filter((protocol) => protocol.client(octets) === 'yes')).toEqual([]);
});
