import { describe, expect, test } from 'vitest';
import {
  http2ErrorName,
  http2Subcause,
  icmpMeaning,
  isProhibition,
  tlsAlertName,
} from '../../src/verdict/code-names.ts';

test('alerts and errors have the names of their RFCs, and others none', () => {
  expect(tlsAlertName(70)).toBe('protocol_version');
  expect(tlsAlertName(116)).toBe('certificate_required');
  expect(tlsAlertName(99)).toBe('unassigned');
  expect(http2ErrorName(7)).toBe('REFUSED_STREAM');
  expect(http2ErrorName(14)).toBe('an unassigned code');
});

test('an HTTP/2 error is a subcause by its name, or by its number where it has none', () => {
  expect([0, 2, 13].map(http2Subcause)).toEqual(['NO_ERROR', 'INTERNAL_ERROR', 'HTTP_1_1_REQUIRED']);
  expect([14, 0xffff_ffff].map(http2Subcause)).toEqual(['14', '4294967295']);
});

describe('an ICMP code means what Linux makes of it', () => {
  test.each([
    [4, 0, 101],
    [4, 1, 113],
    [4, 3, 111],
    [4, 10, 113],
    [4, 13, 113],
    [4, 99, 71],
    [6, 0, 101],
    [6, 1, 13],
    [6, 3, 113],
    [6, 4, 111],
  ] as const)('version %i, code %i: errno %i', (version, code, errno) => {
    expect(icmpMeaning(version, code).errno).toBe(errno);
  });

  test('administratively prohibited is a filter', () => {
    expect([9, 10, 13].every((code) => isProhibition(4, code))).toBe(true);
    expect([1, 5, 6].every((code) => isProhibition(6, code))).toBe(true);
    expect(isProhibition(4, 1) || isProhibition(6, 3)).toBe(false);
  });
});
