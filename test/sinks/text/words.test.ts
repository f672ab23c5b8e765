import { expect, test } from 'vitest';
import { countText, plural, shareText, sizeText } from '../../../src/sinks/text/words.ts';

test('counts are grouped', () => {
  expect([0, 999, 48_211, 1_000_000].map(countText)).toEqual(['0', '999', '48,211', '1,000,000']);
  expect(plural(1, 'request')).toBe('1 request');
  expect(plural(2000, 'story', 'stories')).toBe('2,000 stories');
});

test('sizes have the unit of their kind', () => {
  expect([1, 912, 1500, 45_000_000, 1_200_000_000].map(sizeText)).toEqual([
    '1 octet',
    '912 octets',
    '1.5 kB',
    '45 MB',
    '1.2 GB',
  ]);
});

test('a share of something that happened is never a plain zero', () => {
  expect(shareText(37, 48_211)).toBe('0.08 %');
  expect(shareText(1, 1_000_000)).toBe('under 0.01 %');
  expect(shareText(1, 2)).toBe('50.0 %');
  expect(shareText(0, 0)).toBe('0.00 %');
});
