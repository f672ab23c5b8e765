import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { IdleQueues } from '../../src/conn/idle-queues.ts';
import { SECOND } from '../../src/model/time.ts';

describe('idle queues', () => {
  test('the one touched longest ago is the oldest', () => {
    const queues = new IdleQueues();
    queues.touch(7, 'open', 1 * SECOND);
    queues.touch(3000, 'open', 2 * SECOND);
    queues.touch(7, 'open', 3 * SECOND);
    expect(queues.oldest('open')).toBe(3000);
    expect(queues.touchedAt(7)).toBe(3 * SECOND);
    queues.touch(3000, 'closed', 4 * SECOND);
    expect([queues.oldest('open'), queues.oldest('closed'), queues.oldest('past')]).toEqual([7, 3000, -1]);
    queues.remove(7);
    queues.remove(7);
    expect(queues.oldest('open')).toBe(-1);
    expect(queues.size('open')).toBe(0);
  });

  test('are what plain arrays would be', () => {
    const names = ['transient', 'open', 'closed', 'past'] as const;
    const step = fc.record({ slot: fc.integer({ min: 0, max: 9 }), to: fc.constantFrom(...names, undefined) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const queues = new IdleQueues();
        const model: Record<(typeof names)[number], number[]> = { transient: [], open: [], closed: [], past: [] };
        steps.forEach(({ slot, to }, n) => {
          for (const name of names) model[name] = model[name].filter((each) => each !== slot);
          if (to === undefined) queues.remove(slot);
          else {
            queues.touch(slot, to, n * SECOND);
            model[to].push(slot);
          }
          for (const name of names) {
            expect(queues.oldest(name)).toBe(model[name][0] ?? -1);
            expect(queues.size(name)).toBe(model[name].length);
          }
        });
      }),
    );
  });
});
