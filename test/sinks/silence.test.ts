import { expect, test } from 'vitest';
import { Silence } from '../../src/sinks/silence.ts';

function listening() {
  const ticks: number[] = [];
  return { ticks, silence: new Silence((now) => ticks.push(now), { after: 250, ahead: 1000 }) };
}

test('before the first record there is no capture time to drive', () => {
  const { silence, ticks } = listening();
  silence.look(10_000);
  silence.broken(Number.NEGATIVE_INFINITY, 10_000);
  silence.look(20_000);
  expect(ticks).toEqual([]);
});

test('a short silence is how pipes are; a long one drives capture time with the wall clock', () => {
  const { silence, ticks } = listening();
  silence.broken(5_000, 100_000);
  silence.look(100_200);
  silence.look(100_300);
  expect(ticks).toEqual([5_300]);
});

test('capture time is never driven far: the writer may only be holding records back', () => {
  const { silence, ticks } = listening();
  silence.broken(5_000, 100_000);
  silence.look(900_000);
  silence.broken(5_100, 900_001);
  silence.look(900_002);
  expect(ticks).toEqual([6_000]);
});
