import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Around, type Run } from '../../src/sinks/around.ts';

/** What is kept of runs of one octet each, a number a second, with triggers after some of them; `|` begins an episode. */
function kept(runs: number, triggers: Readonly<Record<number, number>>, limits = { time: 3, octets: 1000 }): string {
  let text = '';
  const around = new Around(limits, {
    episode: () => {
      text += '|';
    },
    keep: ([octet = 0]) => {
      text += ` ${octet}`;
    },
  });
  for (let n = 0; n < runs; n++) {
    around.push({ octets: Uint8Array.of(n), first: n, last: n });
    const at = triggers[n];
    if (at !== undefined) around.trigger(at);
  }
  return text;
}

test('without a trigger nothing is kept', () => {
  expect(kept(100, {})).toBe('');
});

test('the time before and after a trigger is kept', () => {
  expect(kept(20, { 10: 10 })).toBe('| 7 8 9 10 11 12 13');
});

test('a trigger that is told late keeps the time around its own moment', () => {
  expect(kept(20, { 12: 10 })).toBe('| 9 10 11 12 13');
});

test('triggers near each other are one episode, others are several', () => {
  expect(kept(30, { 5: 5, 8: 8 })).toBe('| 2 3 4 5 6 7 8 9 10 11');
  expect(kept(30, { 5: 5, 11: 11 })).toBe('| 2 3 4 5 6 7 8 9 10 11 12 13 14');
  expect(kept(30, { 5: 5, 20: 20 })).toBe('| 2 3 4 5 6 7 8| 17 18 19 20 21 22 23');
});

test('where more comes than may be held, the oldest go early, and are counted', () => {
  expect(kept(20, { 10: 10 }, { time: 5, octets: 2 })).toBe('| 9 10 11 12 13 14 15');
  const around = new Around({ time: 100, octets: 2 }, { episode: () => {}, keep: () => {} });
  for (let n = 0; n < 5; n++) around.push({ octets: Uint8Array.of(n), first: n, last: n });
  expect(around.early).toBe(3);
});

test('whatever comes: each run at most once, in order, and all of those around a trigger that still could be held', () => {
  const run = fc.record({ after: fc.nat(3), trigger: fc.boolean() });
  fc.assert(
    fc.property(fc.array(run, { maxLength: 60 }), (steps) => {
      const given: Run[] = [];
      const got: number[] = [];
      const moments: number[] = [];
      const around = new Around({ time: 4, octets: 1000 }, { episode: () => {}, keep: ([n = 0]) => got.push(n) });
      let now = 0;
      for (const [n, { after, trigger }] of steps.entries()) {
        now += after;
        const each = { octets: Uint8Array.of(n), first: now, last: now };
        given.push(each);
        around.push(each);
        if (!trigger) continue;
        around.trigger(now);
        moments.push(now);
      }
      const wanted = given.flatMap(({ last }, n) => (moments.some((at) => Math.abs(at - last) <= 4) ? [n] : []));
      expect(got).toEqual(wanted);
    }),
  );
});
