/**
 * Every recording through the true pipeline: against what nginx itself logged, and against the verdicts that were
 * reviewed (`*.expected.txt` beside it, written by `npm run bless`).
 */
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Detail, isCertainlyWrong, type Score, scoreRun } from '../lab/score.ts';
import { analyse, essence, type VerdictLine } from './analysis.ts';
import { KNOWN_DISAGREEMENTS } from './disagreements.ts';
import { recordings, truthOf } from './recordings.ts';

describe.each(recordings())('$name', (recording) => {
  let lines: VerdictLine[] = [];
  let score: Score;

  beforeAll(async () => {
    lines = await analyse([readFileSync(recording.capture)]);
    score = scoreRun(recording.name, truthOf(recording), lines, recording.kernel);
  });

  test('nothing wrong is certain', () => {
    expect(score.details.filter(isCertainlyWrong)).toEqual([]);
  });

  test('every 502 that nginx logged is told once and no other, with its cause and peers, as is every masked failure', () => {
    const known = KNOWN_DISAGREEMENTS[recording.name]?.complaints ?? [];
    // Also where one is gone: the list may only shrink, and does so at once.
    expect(score.details.map(complaint).toSorted(), explained(score.details)).toEqual(known.toSorted());
  });

  test('the verdicts are those that were reviewed', async () => {
    const told = lines.length > 0 ? lines.map(essence).join('\n') : 'nothing to tell';
    await expect(`${told}\n`).toMatchFileSnapshot(recording.expected);
  });
});

test('known disagreements are about recordings that exist', () => {
  const names = recordings().map(({ name }) => name);
  expect(Object.keys(KNOWN_DISAGREEMENTS).filter((name) => !names.includes(name))).toEqual([]);
});

function complaint({ complaint: what, method, target }: Detail): string {
  return `${what} ${method} ${target}`;
}

function explained(details: readonly Detail[]): string {
  return details
    .map(({ truth, truthAttempts, verdict, attempts, ...detail }) => {
      const told = `told ${verdict ?? 'nothing'} [${attempts?.join('; ') ?? ''}]`;
      return `${complaint(detail as Detail)}: ${told}, logged ${truth} [${truthAttempts?.join('; ') ?? ''}]`;
    })
    .join('\n');
}
