import { expect, test } from 'vitest';
import {
  CONN_LIMITS,
  COPY_TIME,
  COPY_TIME_UNMARKED,
  IDLE_AFTER,
  REORDER_TIME,
  TICK_TIME,
} from '../../src/conn/limits.ts';
import { MILLISECOND } from '../../src/model/time.ts';

test('the limits fit together', () => {
  // A retransmission by Linux's least RTO is no copy, and a hole is declared before a verdict must be on screen.
  expect(COPY_TIME).toBeLessThan(200 * MILLISECOND);
  expect(COPY_TIME_UNMARKED).toBeLessThan(COPY_TIME);
  expect(REORDER_TIME + TICK_TIME).toBeLessThan(250 * MILLISECOND);
  expect(CONN_LIMITS.heldPerStream).toBeLessThan(CONN_LIMITS.heldInAll);
  expect(IDLE_AFTER.closed).toBeGreaterThan(2 * COPY_TIME);
});
