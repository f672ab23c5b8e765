import { expect, test } from 'vitest';
import { requestsInQuestion, thoseToWeigh } from '../../src/incident/in-question.ts';
import { moment } from '../kit/incidents.ts';
import { front, refused } from './facets.ts';

/** Asked at that time. */
const asked = (ms: number) => front({ request: { head: moment(ms) }, answeredMs: ms + 5 });

test('an attempt that began before any of the requests was asked is not weighed', () => {
  const uses = [1, 3, 5].map((ms) => refused(ms));
  expect(thoseToWeigh(uses, [asked(4), asked(2)])).toEqual(uses.slice(1));
  expect(thoseToWeigh(uses, [])).toEqual([]);
});

test('in a crowd only those are weighed that one of the answered requests could have made', () => {
  const waiting = [asked(0)];
  const others = Array.from({ length: 256 }, () => front());
  const uses = Array.from({ length: 200 }, (_, n) => refused(1 + n / 100));
  for (const use of uses) use.candidates = [...others];
  const [first] = uses;
  if (first) first.candidates = [...others, ...waiting];
  expect(thoseToWeigh(uses, waiting)).toEqual([first]);
  for (const use of uses) use.candidates = others.slice(0, 2);
  expect(thoseToWeigh(uses, waiting)).toEqual(uses);
});

test('requests are in question for what they wait for, and for being a candidate', () => {
  const attempt = refused(1);
  const waits = front({ answeredMs: 5, status: 502 });
  attempt.candidates = [front()];
  waits.questions = 1;
  expect(requestsInQuestion([], [front({ answeredMs: 5, status: 200 })])).toEqual([]);
  expect(requestsInQuestion([], [waits])).toHaveLength(1);
  expect(requestsInQuestion([attempt], [])).toHaveLength(1);
});
