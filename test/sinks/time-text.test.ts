import fc from 'fast-check';
import { expect, test } from 'vitest';
import { clockText, dateText, durationText, millisText, rfc3339, spanText } from '../../src/sinks/time-text.ts';
import { EPOCH } from './kit/verdicts.ts';

test('times are RFC 3339 in UTC with nine digits', () => {
  expect(rfc3339(EPOCH, 0)).toBe('2026-11-20T12:31:00.000000000Z');
  expect(rfc3339(EPOCH, 7_221_456_789)).toBe('2026-11-20T12:31:07.221456789Z');
  expect(rfc3339(EPOCH, -1)).toBe('2026-11-20T12:30:59.999999999Z');
  expect(rfc3339(0n, 0)).toBe('1970-01-01T00:00:00.000000000Z');
});

test('times before 1970 and beyond what a calendar holds are still times', () => {
  expect(rfc3339(-1n, 0)).toBe('1969-12-31T23:59:59.999999999Z');
  expect(rfc3339(2n ** 64n * 1000n, 0)).toBe('9999-12-31T23:59:59.999999999Z');
  expect(rfc3339(-(2n ** 70n), 0)).toBe('0000-01-01T00:00:00.000000000Z');
  expect(rfc3339(EPOCH, Number.NaN)).toBe('2026-11-20T12:31:00.000000000Z');
});

test('any time is written with its nanoseconds kept', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 2n ** 64n }), fc.maxSafeInteger(), (epoch, at) => {
      const text = rfc3339(epoch, at);
      expect(text).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$/);
      const nanos = epoch + BigInt(at);
      if (nanos >= 0n) expect(text.slice(20, 29)).toBe(String(nanos % 1_000_000_000n).padStart(9, '0'));
    }),
  );
});

test('a clock and a date for people', () => {
  expect(clockText(EPOCH, 7_221_999_999)).toBe('12:31:07.221');
  expect(clockText(EPOCH, 7_221_999_999, 0)).toBe('12:31:07');
  expect(dateText(EPOCH, 0)).toBe('2026-11-20');
});

test('spans in the unit a reader thinks in', () => {
  expect([0, 12.314e9, 300e9, 360_000e9, -5].map(spanText)).toEqual([
    '0.00 s',
    '12.31 s',
    '00:05:00',
    '100:00:00',
    '0.00 s',
  ]);
  expect([0, 90e3, 23.4e6, 2.31e9].map(millisText)).toEqual(['0.00 ms', '0.09 ms', '23.4 ms', '2310 ms']);
  expect([90e3, 5e9, 65e9, 3700e9, 86_400e9].map(durationText)).toEqual([
    '0.09 ms',
    '5.00 s',
    '65.0 s',
    '61.7 min',
    '24.0 h',
  ]);
});
