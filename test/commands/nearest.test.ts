import { expect, test } from 'vitest';
import { nearest } from '../../src/commands/nearest.ts';

test('the nearest name is near', () => {
  expect(nearest('analyse', ['analyze', 'explain'])).toBe('analyze');
  expect(nearest('trace', ['analyze', 'explain'])).toBeUndefined();
  expect(nearest('x'.repeat(100_000), ['analyze'])).toBeUndefined();
});
