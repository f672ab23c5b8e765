/** A small mixed load on a real nginx, scored as the large ones are (test/lab/README.md). */
import { expect, test } from 'vitest';
import { type Complaint, isCertainlyWrong, scoreRun } from '../lab/score.ts';
import { complaintTable } from '../lab/scoreboard.ts';
import { labRun } from './lab-run.ts';
import { newStage } from './stage.ts';

/** In percent. The full runs have higher bars: here one group's only failure, misplaced, weighs a percent or two. */
const CAUSES_RIGHT = 97;
const NEVER: readonly Complaint[] = ['missing', 'twice', 'invented'];
const LIMIT_MS = 120_000;

test(
  'in a mixed load every 502 is told once, nearly every cause is right, and nothing wrong is certain',
  async () => {
    const { truth, lines } = await labRun(newStage(), '--connections', '1000', '--concurrency', '24', '--seed', '502');
    const score = scoreRun('live', truth, lines);
    const { tcp, details } = score;
    expect(tcp.logged).toBeGreaterThan(100);
    expect(details.filter(isCertainlyWrong)).toEqual([]);
    expect(details.filter(({ complaint }) => NEVER.includes(complaint))).toEqual([]);
    expect((100 * tcp.right) / tcp.logged, complaintTable(score)).toBeGreaterThanOrEqual(CAUSES_RIGHT);
  },
  LIMIT_MS,
);
