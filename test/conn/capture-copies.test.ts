import { describe, expect, test } from 'vitest';
import { CaptureCopies } from '../../src/conn/capture-copies.ts';
import { COPY_TIME, COPY_TIME_UNMARKED } from '../../src/conn/limits.ts';
import { SYN } from '../../src/model/segment.ts';
import { type SegmentFields, segment } from '../kit/segments.ts';

const FLOW = 4;

/** Is the second a copy of the first? */
function copies(first: SegmentFields, second: SegmentFields): boolean {
  const seen = new CaptureCopies();
  const base = { content: 'x', seq: 7, ack: 9 };
  expect(seen.isCopy(segment({ ...base, ...first }), FLOW)).toBe(false);
  return seen.isCopy(segment({ ...base, ...first, ...second }), FLOW);
}

describe('a copy', () => {
  test('has the same IP identification and follows soon', () => {
    expect(copies({ ipId: 5 }, { at: COPY_TIME })).toBe(true);
    expect(copies({ ipId: 5 }, { at: COPY_TIME + 1 })).toBe(false);
    expect(copies({ ipId: 5 }, { ipId: 6 })).toBe(false);
    expect(copies({ ipId: 5 }, { ttl: 63, interfaceId: 2 })).toBe(true);
  });

  test('without an identification comes by another way, or at once', () => {
    for (const ipId of [0, -1]) {
      expect(copies({ ipId }, { at: COPY_TIME_UNMARKED })).toBe(true);
      expect(copies({ ipId }, { at: COPY_TIME_UNMARKED + 1 })).toBe(false);
      expect(copies({ ipId }, { at: COPY_TIME, ttl: 63 })).toBe(true);
      expect(copies({ ipId }, { at: COPY_TIME, interfaceId: 1 })).toBe(true);
    }
  });

  test('of a bare ACK without an identification must come by another way', () => {
    expect(copies({ ipId: 0, content: '' }, {})).toBe(false);
    expect(copies({ ipId: 0, content: '' }, { interfaceId: 1 })).toBe(true);
    expect(copies({ ipId: 0, content: '', flags: SYN }, {})).toBe(true);
  });

  test('differs in nothing that TCP says', () => {
    const changes: SegmentFields[] = [{ seq: 8 }, { ack: 10 }, { flags: 17 }, { window: 1 }, { content: 'xy' }];
    for (const change of changes) expect(copies({ ipId: 5 }, change)).toBe(false);
    const seen = new CaptureCopies();
    expect(seen.isCopy(segment({ ipId: 5 }), FLOW)).toBe(false);
    expect(seen.isCopy(segment({ ipId: 5 }), FLOW + 1)).toBe(false);
  });

  test('may be captured before its original', () => {
    expect(copies({ ipId: 5, at: 1000 }, { at: 0 })).toBe(true);
  });
});
