/** No capture, however damaged, makes the pipeline crash, hang or grow, print what is not safe, or answer differently in pieces. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { capturesUnder } from '../corpus/corpus.ts';
import { campaign, type Failure, keep, SEEDS } from './campaign.ts';
import { startingPoints } from './captures.ts';

const CASES = Number(process.env['WHY502_CASES'] ?? (process.env['CI'] ? 20_000 : 2_000));
const target = pathToFileURL(join(import.meta.dirname, 'targets/whole.ts')).href;

function story(failure: Failure, where: string): string {
  return `case ${failure.number}: ${failure.wrong}\n${JSON.stringify(failure.list)}\n${where}`;
}

test('what once failed fails no more', async () => {
  const [first, ...rest] = capturesUnder(SEEDS, { anything: true });
  if (first === undefined) return;
  const captures = [first, ...rest] as const;
  const failures = await campaign({ target, captures, seed: 0, from: 0, to: captures.length, replay: true });
  expect(failures.map((failure) => story(failure, captures[failure.number] ?? ''))).toEqual([]);
});

test('captures as they are', async () => {
  const [first, ...rest] = new Set(startingPoints());
  const captures = [first ?? expect.fail('no capture to start from'), ...rest] as const;
  const failures = await campaign({ target, captures, seed: 0, from: 0, to: captures.length, replay: true });
  expect(failures.map((failure) => story(failure, captures[failure.number] ?? ''))).toEqual([]);
});

/** Processes that share the cases. */
const CHILDREN = 2;
const LIMIT_MS = 480_000;

test(`${CASES} mutated captures`, { timeout: LIMIT_MS }, async () => {
  const [first, ...rest] = startingPoints();
  const captures = [first ?? expect.fail('no capture to start from'), ...rest] as const;
  const seed = Number(process.env['FC_SEED']);
  const bounds = Array.from({ length: CHILDREN + 1 }, (_, child) => Math.round((child * CASES) / CHILDREN));
  const shares = bounds.slice(1).map((to, child) => ({ from: bounds[child] ?? 0, to }));
  const failures = await Promise.all(
    shares.map((share) => campaign({ target, captures, seed, ...share, replay: false })),
  );
  expect(failures.flat().map((failure) => story(failure, `kept as ${keep(failure, SEEDS)}`))).toEqual([]);
});
