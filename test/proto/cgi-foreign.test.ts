import { expect, test } from 'vitest';
import { octetsOf } from '../../src/model/octets.ts';
import { ForeignSample } from '../../src/proto/cgi-foreign.ts';
import { octets } from './cgi-talk.ts';

function sampleOf(text: string, size: number): ForeignSample {
  const sample = new ForeignSample();
  for (let at = 0; at < text.length; at += size) sample.take(octetsOf(octets(text.slice(at, at + size))), 0);
  return sample;
}

test.each([
  ['HTTP/1.1 400 Bad Request\r\nServer: x', 'http', 'HTTP/1.1 400 Bad Request\r\n', true],
  [`HTTP/1.1 400 ${'x'.repeat(99)}`, 'http', `HTTP/1.1 400 ${'x'.repeat(51)}`, true],
  ['HTTP/1', 'http', 'HTTP/1', false],
  ['HT', 'unknown', 'HT', false],
  ['\x15\x03\x01\0\x02\x02\x28more', 'tls', '\x15\x03\x01\0\x02\x02\x28', true],
  ['\x15\x09\x01\0\x02\x02\x28more', 'unknown', '\x15\x09\x01\0\x02\x02\x28m', true],
  ['\x01\x06\0\x01\0\x08\0\0', 'fastcgi', '\x01\x06\0\x01\0\x08\0\0', true],
  ['+OK redis', 'unknown', '+OK redi', true],
])('%j', (text, name, shown, enough) => {
  for (const size of [1, 2, 5, text.length]) {
    const sample = sampleOf(text, size);
    expect([sample.name, sample.text, sample.enough, sample.first]).toEqual([name, shown, enough, text.charCodeAt(0)]);
  }
});

test('it says where it stopped', () => {
  expect(new ForeignSample().take(octetsOf(octets('HTTP/1.1 200\nrest')), 0)).toBe(13);
});
