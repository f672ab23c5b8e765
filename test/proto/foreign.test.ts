import { expect, test } from 'vitest';
import { foreign, SAMPLE_LIMIT, sampleOf } from '../../src/proto/foreign.ts';
import { textOctets } from '../kit/cases.ts';

function look(...octets: number[]) {
  return foreign(Uint8Array.from(octets), 0, octets.length);
}

test('first octets name their protocol', () => {
  const http = textOctets('HTTP/1.1 400');
  expect(foreign(http, 0, http.length)).toBe('http');
  expect(look(0x15, 3, 1)).toBe('tls');
  expect(look(1, 6)).toBe('fastcgi');
  expect(look(0, 0, 18, 4, 0, 0, 0, 0, 0)).toBe('http/2');
});

test('octets that fit nothing are unknown', () => {
  expect(look(0x53)).toBe('unknown');
  expect(look(0x15, 2)).toBe('unknown');
  expect(look(0x15, 3, 9)).toBe('unknown');
  expect(look(1, 99)).toBe('unknown');
  expect(look(0, 0, 17, 4, 0, 0, 0, 0, 0)).toBe('unknown');
});

test('as long as several fit, more octets are needed', () => {
  for (const begun of [[], [0x48], [0x15], [0x15, 3], [1], [0, 0, 18, 4, 0]]) expect(look(...begun)).toBeUndefined();
});

test('a sample is bounded', () => {
  expect(sampleOf(new Uint8Array(500).fill(0x61), 0, 500)).toBe('a'.repeat(SAMPLE_LIMIT));
  expect(sampleOf(Uint8Array.of(0x61, 0xff), 1, 2)).toBe('\xff');
});
