import { expect, test } from 'vitest';
import { Silence } from '../../src/sinks/silence.ts';

const OTHER_CLOCK = -1e18;

function listening() {
  const ticks: number[] = [];
  const silence = new Silence((now) => ticks.push(Math.round(now)), { ahead: 1000 });
  /** Records came, and nothing more with them. */
  const broken = (latest: number, wall: number, clock: number): void => {
    silence.broken(latest, wall, clock);
    silence.look(wall);
  };
  return { ticks, silence, broken };
}

test('before the first record there is no capture time to drive', () => {
  const { silence, ticks, broken } = listening();
  silence.look(10_000);
  broken(Number.NEGATIVE_INFINITY, 10_000, OTHER_CLOCK);
  silence.look(20_000);
  expect(ticks).toEqual([]);
});

test('silence drives capture time with the wall clock', () => {
  const { silence, ticks, broken } = listening();
  broken(5_000, 100_000, OTHER_CLOCK);
  silence.look(100_300);
  expect(ticks).toEqual([5_300]);
});

test('records that were held back arrive late: it is later at the other end than they say', () => {
  const { ticks, broken } = listening();
  broken(5_000, 100_000, OTHER_CLOCK);
  broken(5_100, 100_900, OTHER_CLOCK);
  expect(ticks).toEqual([5_900]);
});

test('a capture that is read faster than it was made is never ahead of its records', () => {
  const { ticks, broken } = listening();
  broken(5_000, 100_000, OTHER_CLOCK);
  broken(50_000, 100_010, OTHER_CLOCK);
  broken(90_000, 100_020, OTHER_CLOCK);
  expect(ticks).toEqual([]);
});

test('capture time is never driven far: the writer may be holding back more than ever before', () => {
  const { silence, ticks, broken } = listening();
  broken(5_000, 100_000, OTHER_CLOCK);
  silence.look(900_000);
  expect(ticks).toEqual([6_000]);
});

test('where this host stamped the records its own clock tells the time, from the first record on', () => {
  const { silence, ticks, broken } = listening();
  broken(5_000, 100_000, 5_900);
  silence.look(100_050);
  expect(ticks).toEqual([5_900, 5_950]);
});

test('records behind which there are more tell the time alone', () => {
  const { silence, ticks } = listening();
  silence.broken(5_000, 100_000, OTHER_CLOCK);
  silence.broken(5_100, 100_900, OTHER_CLOCK);
  expect(ticks).toEqual([]);
  silence.look(101_000);
  expect(ticks).toEqual([6_000]);
});
