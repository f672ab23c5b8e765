import { expect, test } from 'vitest';
import { Histogram } from '../../../src/sinks/tui/histogram.ts';

test('quantiles are right to within a bucket', () => {
  const histogram = new Histogram();
  expect(histogram.quantile(0.5)).toBeUndefined();
  for (let n = 1; n <= 1000; n++) histogram.add(n * 1e6);
  expect((histogram.quantile(0.5) ?? 0) / 500e6).toBeCloseTo(1, 1);
  expect((histogram.quantile(0.99) ?? 0) / 990e6).toBeCloseTo(1, 1);
  histogram.add(Number.MAX_SAFE_INTEGER);
  expect(histogram.count).toBe(1001);
});
