import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BUCKETS, Timeline } from '../../../src/sinks/tui/timeline.ts';

const total = (timeline: Timeline, columns: number): number => {
  const { from, to } = timeline.span ?? { from: 0, to: 1 };
  return timeline
    .columns(from, to, columns)
    .flatMap((column) => [...column.values()])
    .reduce((sum, count) => sum + count, 0);
};

test('of a file nothing is lost, however long it turns out to be', () => {
  const times = fc.array(fc.integer({ min: 0, max: 2 ** 50 }), { minLength: 1, maxLength: 200 });
  fc.assert(
    fc.property(times, (all) => {
      const timeline = new Timeline({ bucket: 1e6, sliding: false });
      for (const at of all) timeline.add('unknown', at);
      expect(total(timeline, 100)).toBe(all.length);
    }),
  );
});

test('live, what is older than the buckets reach goes', () => {
  const timeline = new Timeline({ bucket: 1e9, sliding: true });
  timeline.add('unknown', 0);
  timeline.add('unknown', BUCKETS * 1e9);
  expect(total(timeline, 10)).toBe(1);
  timeline.add('unknown', 1e18);
  expect(total(timeline, 10)).toBe(1);
});
