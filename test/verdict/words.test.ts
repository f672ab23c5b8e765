import { describe, expect, test } from 'vitest';
import { duration, maybeLimit, octets, quoted, relative } from '../../src/verdict/words.ts';
import { moment } from '../kit/incidents.ts';

describe('durations have three digits and the unit that fits', () => {
  test.each([
    [0, '0 ms'],
    [9_000, '0.009 ms'],
    [300_000, '0.3 ms'],
    [1_500_000, '1.5 ms'],
    [23_040_000, '23 ms'],
    [23_140_000, '23.1 ms'],
    [230_000_000, '230 ms'],
    [999_700_000, '1 s'],
    [2_310_000_000, '2.31 s'],
    [60_000_000_000, '60 s'],
    [119_990_000_000, '2 min 0 s'],
    [123_000_000_000, '2 min 3 s'],
    [-300_000, '-0.3 ms'],
  ])('%i ns is %s', (nanos, text) => {
    expect(duration(nanos)).toBe(text);
  });
});

test('a moment is told by how far it lies before or after another', () => {
  expect(relative(moment(1.3), moment(1), 'the request')).toBe('0.3 ms after the request');
  expect(relative(moment(0.6), moment(1), 'the request')).toBe('0.4 ms before the request');
});

test('octets are counted in words', () => {
  expect([octets(0), octets(1), octets(912)]).toEqual(['no octets', '1 octet', '912 octets']);
});

describe('octets from the wire cannot steer a terminal', () => {
  test('controls, DEL, high octets, quotes and backslashes are written out', () => {
    expect(quoted('a\x1b[31m\x7f\x9b"\\')).toBe('"a\\x1b[31m\\x7f\\x9b\\x22\\x5c"');
  });

  test('long samples are shortened', () => {
    expect(quoted('x'.repeat(64))).toBe(`"${'x'.repeat(48)}..."`);
  });
});

describe('a time limit is seen by its whole seconds', () => {
  test.each([
    [2_310, 2],
    [30_010, 30],
    [60_000, 60],
    [3_050, 3],
    [3_310, undefined],
    [990, undefined],
    [7_700, undefined],
  ])('%i ms: %s', (ms, seconds) => {
    expect(maybeLimit(ms * 1e6)).toBe(seconds);
  });
});
