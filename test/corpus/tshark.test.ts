/**
 * The corpus against another opinion: for every capture the number of HTTP responses by status is tshark's, in either of
 * its two ways of counting (corpus.ts, Answer). Where it is not, the difference stands here with its reason.
 */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { answers, CORPUS, capturesUnder, corpusName, NO_CORPUS, sha256 } from './corpus.ts';
import { DIFFERENCES } from './differences.ts';
import { statusesOf } from './statuses.ts';

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
    const ours = statusesOf(capture);
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
