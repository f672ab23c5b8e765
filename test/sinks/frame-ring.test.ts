import { expect, test } from 'vitest';
import { octetsOf } from '../../src/model/octets.ts';
import type { Frame } from '../../src/model/source-record.ts';
import { FrameRing, RING_FRAMES, RING_OCTETS } from '../../src/sinks/frame-ring.ts';

const frame = (number: number, length: number): Frame => ({
  number,
  at: number,
  linkType: 1,
  interfaceId: 0,
  octets: octetsOf(new Uint8Array(length).fill(number % 256)),
  wireLength: length,
});

const replayed = (ring: FrameRing): [number, boolean][] => {
  const seen: [number, boolean][] = [];
  ring.replay(({ number, octets: { bytes, start, end } }) => {
    seen.push([number, bytes.subarray(start, end).every((octet) => octet === number % 256)]);
  });
  return seen;
};

test('the newest frames come back as they were, the oldest are overwritten', () => {
  const ring = new FrameRing();
  const length = RING_OCTETS / 4 - 1;
  for (let number = 1; number <= 7; number++) ring.keep(frame(number, length));
  const seen = replayed(ring);
  expect(seen.at(-1)).toEqual([7, true]);
  expect(seen.length).toBeLessThanOrEqual(4);
  expect(seen.every(([, whole]) => whole)).toBe(true);
});

test('frames are bounded too, and one larger than the ring is left out', () => {
  const ring = new FrameRing();
  ring.keep(frame(1, RING_OCTETS + 1));
  expect(replayed(ring)).toEqual([]);
  for (let number = 1; number <= RING_FRAMES + 5; number++) ring.keep(frame(number, 1));
  expect(replayed(ring)[0]).toEqual([6, true]);
});
