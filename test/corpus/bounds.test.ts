/** Every file of the corpus, whatever it holds, is read to its end by the true pipeline within bounds of time and memory. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { campaign } from '../properties/campaign.ts';
import { CORPUS, capturesUnder, corpusName, NO_CORPUS } from './corpus.ts';

/** A guard against hangs: a file takes milliseconds. A loop that is quadratic or worse takes seconds on the larger ones. */
const HANG_MS = 10_000;
const target = pathToFileURL(join(import.meta.dirname, '../properties/targets/bounded.ts')).href;

const name = `each file takes less than ${HANG_MS / 1000} s and 300 MB${NO_CORPUS && `: ${NO_CORPUS}`}`;

test.skipIf(NO_CORPUS)(name, async () => {
  const [first, ...rest] = capturesUnder(CORPUS, { anything: true });
  const captures = [first ?? expect.fail('the corpus is empty'), ...rest] as const;
  const plan = { target, captures, seed: 0, from: 0, to: captures.length, replay: true, hangMs: HANG_MS };
  const failures = await campaign(plan);
  expect(captures.length).toBeGreaterThan(1600);
  expect(failures.map(({ number, wrong }) => `${corpusName(captures[number] ?? '')}: ${wrong}`)).toEqual([]);
});
