import { expect, test } from 'vitest';
import { looksLike } from '../../src/sources/looks-like.ts';
import { octets, text } from '../kit/packets.ts';

test.each([
  ['nothing', octets(), 'the file is empty'],
  ['a log', text('GET / HTTP/1.1\r\n\x1b[31mred'), 'not a capture: it looks like text'],
  ['an archive', text('PK\x03\x04abc'), 'not a capture: it looks like a zip archive'],
  [
    'several files in one',
    Buffer.concat([Buffer.alloc(257, 1), Buffer.from('ustar')]),
    'not a capture: it looks like a tar archive',
  ],
  ['gzip that was unpacked once', octets(0x1f, 0x8b, 8), 'not a capture: it looks like gzip inside gzip'],
  ['zstd', octets(0x28, 0xb5, 0x2f, 0xfd, 1), 'not a capture: it looks like a zstd file'],
  ['anything else', octets(0, 1, 2, 3), 'not a capture: neither pcap nor pcapng'],
])('%s is named', (_, content, what) => {
  expect(looksLike(content).what).toBe(what);
  expect(looksLike(content).remedy).not.toBe('');
});
