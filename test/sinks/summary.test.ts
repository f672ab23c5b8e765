import { expect, test } from 'vitest';
import { flatCounters, summaryDocument } from '../../src/sinks/summary.ts';
import { Tally } from '../../src/sinks/tally.ts';
import { run } from './kit/verdicts.ts';

test('the duration and the edges of the capture are told', () => {
  expect(summaryDocument(run(), new Tally(), new Tally())).toMatchObject({
    startedAt: '2026-11-20T12:31:00.000000000Z',
    endedAt: '2026-11-20T12:36:00.000000000Z',
    durationMs: 300_000,
    requests: 48_211,
    damage: null,
    interrupted: false,
  });
});

test('counters are told by name; what never happened is left out', () => {
  const counters = { frames: 3, wire: { cut: 0, malformed: { ipv4: 2, tcp: 0 } }, conn: { overLimit: 1 } };
  expect(flatCounters(counters)).toEqual({ frames: 3, 'wire.malformed.ipv4': 2, 'conn.overLimit': 1 });
});
