import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Occasion, Pace } from '../../../src/sinks/tui/pace.ts';

/** Draws each wish as soon as it may be; the times of the unasked frames. */
function drawnFor(wishes: readonly { readonly at: number; readonly occasion: Occasion }[]): number[] {
  const pace = new Pace();
  const times: number[] = [];
  let now = 0;
  for (const { at, occasion } of wishes) {
    now = Math.max(now, at, pace.due(occasion));
    pace.drawn(now, occasion);
    if (occasion !== 'key') times.push(now);
  }
  return times;
}

test('whatever is wished for, no second has more than four frames that nobody asked for', () => {
  const occasion = fc.constantFrom<Occasion>('key', 'news', 'figures');
  const wishes = fc.array(fc.record({ after: fc.integer({ min: 0, max: 600 }), occasion }), { maxLength: 60 });
  fc.assert(
    fc.property(wishes, (all) => {
      let at = 0;
      const times = drawnFor(
        all.map(({ after, occasion: what }) => {
          at += after;
          return { at, occasion: what };
        }),
      );
      for (const time of times)
        expect(times.filter((one) => one >= time && one < time + 1000).length).toBeLessThanOrEqual(4);
    }),
  );
});

test('news on a quiet screen is drawn at once, also right after figures', () => {
  const pace = new Pace();
  expect(pace.due('news')).toBeLessThanOrEqual(0);
  pace.drawn(5000, 'figures');
  expect(pace.due('news')).toBe(5050);
  pace.drawn(5050, 'news');
  expect(pace.due('news')).toBe(5300);
  expect(pace.due('figures')).toBe(5550);
});

test('a key is answered at once, whatever was drawn before it', () => {
  const pace = new Pace();
  for (const at of [0, 250, 500, 750]) pace.drawn(at, 'news');
  expect(pace.due('news')).toBe(1000);
  expect(pace.due('key')).toBe(800);
});
