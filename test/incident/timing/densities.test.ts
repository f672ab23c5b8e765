import fc from 'fast-check';
import { expect, test } from 'vitest';
import { GapDensity, ONE_TURN } from '../../../src/incident/timing/densities.ts';

test('before anything is learned the usual gap costs less than one far from it', () => {
  const density = new GapDensity(100e3, ONE_TURN);
  expect(density.cost(100e3)).toBeLessThan(density.cost(10e6));
});

test('a gap that was seen often becomes cheaper, others dearer', () => {
  const density = new GapDensity(100e3, ONE_TURN);
  const [usual, seen] = [density.cost(100e3), density.cost(3e6)];
  for (let i = 0; i < 200; i++) density.learn(3e6);
  expect(density.cost(3e6)).toBeLessThan(seen);
  expect(density.cost(100e3)).toBeGreaterThan(usual);
});

test('any gap has a finite cost, also a negative or an endless one', () => {
  const density = new GapDensity(1e3, ONE_TURN);
  fc.assert(
    fc.property(fc.double(), fc.array(fc.double(), { maxLength: 20 }), (gap, learned) => {
      for (const each of learned) density.learn(each);
      expect(Number.isFinite(density.cost(gap))).toBe(true);
    }),
  );
});

test('what was learned long ago fades: a changed gateway is believed after some thousand requests', () => {
  const density = new GapDensity(100e3, ONE_TURN);
  for (let i = 0; i < 60_000; i++) density.learn(50e3);
  for (let i = 0; i < 30_000; i++) density.learn(5e6);
  expect(density.cost(5e6) - Math.log(100)).toBeLessThan(density.cost(50e3));
});
