/**
 * The fast lanes say of what they take what the careful path says: every recording, once with them and once without, gives
 * the same verdicts to the last frame number.
 */
import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { analyse } from '../captures/analysis.ts';
import { recordings } from '../captures/recordings.ts';

const lanes = vi.hoisted(() => ({ open: true, taken: { frames: 0, segments: 0, heads: 0 } }));

vi.mock('../../src/wire/plain-tcp.ts', async (original) => {
  const { readPlainTcp } = await original<typeof import('../../src/wire/plain-tcp.ts')>();
  return {
    readPlainTcp: (...given: Parameters<typeof readPlainTcp>) => {
      const taken = lanes.open && readPlainTcp(...given);
      if (taken) lanes.taken.frames++;
      return taken;
    },
  };
});

vi.mock('../../src/conn/fast-lane.ts', async (original) => {
  const { FastLane } = await original<typeof import('../../src/conn/fast-lane.ts')>();
  return {
    FastLane: class extends FastLane {
      override takes(...given: Parameters<InstanceType<typeof FastLane>['takes']>): boolean {
        const taken = lanes.open && super.takes(...given);
        if (taken) lanes.taken.segments++;
        return taken;
      }
    },
  };
});

vi.mock('../../src/proto/http1/plain-head.ts', async (original) => {
  const { scanPlainLines } = await original<typeof import('../../src/proto/http1/plain-head.ts')>();
  return {
    scanPlainLines: (...given: Parameters<typeof scanPlainLines>) => {
      const end = lanes.open ? scanPlainLines(...given) : -1;
      if (end >= 0) lanes.taken.heads++;
      return end;
    },
  };
});

describe.each(recordings())('$name', ({ capture }) => {
  test('with and without fast lanes: the same verdicts', async () => {
    const octets = [readFileSync(capture)];
    lanes.open = true;
    const fast = await analyse(octets);
    const before = { ...lanes.taken };
    lanes.open = false;
    const careful = await analyse(octets);
    expect(lanes.taken).toEqual(before);
    expect(fast).toEqual(careful);
  });
});

afterAll(() => {
  // A lane that takes nothing proves nothing.
  expect(Math.min(...Object.values(lanes.taken))).toBeGreaterThan(1000);
});
