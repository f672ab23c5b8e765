import { expect, test } from 'vitest';
import { atMost, CONFIDENCES } from '../../src/model/verdict.ts';

test('confidences are in order, the least first', () => {
  expect(CONFIDENCES).toEqual(['possible', 'likely', 'certain']);
});

test('of two confidences the lower one holds, whichever is the limit', () => {
  expect(atMost('certain', 'likely')).toBe('likely');
  expect(atMost('possible', 'likely')).toBe('possible');
  for (const confidence of CONFIDENCES) expect(atMost(confidence, 'certain')).toBe(confidence);
  for (const limit of CONFIDENCES) expect(atMost('certain', limit)).toBe(limit);
});
