/**
 * The corpus against another opinion: for every capture the number of HTTP responses by status is tshark's, in either of
 * its two ways of counting (corpus.ts, Answer). Where it is not, the difference stands here with its reason.
 */
import { readFileSync, statSync } from 'node:fs';
import { expect, test } from 'vitest';
import { answers, CORPUS, capturesUnder, corpusName, NO_CORPUS, sha256 } from './corpus.ts';
import { DIFFERENCES } from './differences.ts';
import { statusesOf } from './statuses.ts';

const LIMIT_MS = 10_000;
const LIMIT_OCTETS = 300 * 2 ** 20;

const paths = capturesUnder(CORPUS);
const known = answers();

test.skipIf(NO_CORPUS)(`statuses are those of tshark${NO_CORPUS && `: ${NO_CORPUS}`}`, () => {
  const wrong: string[] = [];
  const superfluous = new Set(DIFFERENCES.keys());
  let compared = 0;
  for (const path of paths) {
    const capture = readFileSync(path);
    const answer = known.get(sha256(capture));
    if (answer === undefined) continue;
    compared++;
    const name = corpusName(path);
    const started = Date.now();
    const ours = statusesOf(capture);
    // Not a measurement: a capture of at most 300 KB that takes seconds has met a loop that is quadratic or worse.
    if (Date.now() - started > LIMIT_MS) wrong.push(`${name}: takes longer than ${LIMIT_MS} ms`);
    if (process.memoryUsage.rss() > LIMIT_OCTETS * 2)
      wrong.push(`${name}: too much memory (${statSync(path).size} octets)`);
    if (ours === answer.whole || ours === answer.heads) continue;
    superfluous.delete(name);
    if (DIFFERENCES.get(name) !== ours) {
      wrong.push(`${name}: ours ${ours || 'none'}, tshark ${answer.whole || 'none'} or ${answer.heads || 'none'}`);
    }
  }
  expect(compared).toBeGreaterThan(1000);
  expect(wrong).toEqual([]);
  expect([...superfluous], 'no difference any more').toEqual([]);
});
