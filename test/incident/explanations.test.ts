import { describe, expect, test } from 'vitest';
import { Explanations } from '../../src/incident/explanations.ts';
import { endpoint } from '../../src/model/endpoint.ts';
import { moment } from '../kit/incidents.ts';

const SILENT = { asker: '10.0.0.1', target: '10.0.0.7', first: moment(1), last: moment(2049), queries: 3 };

function answer(askedMs: number, answeredMs: number | undefined, outcome: number | 'unreachable' | 'silent' = 3) {
  const [asker, server] = [endpoint('10.0.0.1', 5353), endpoint('10.0.0.53', 53)];
  const answered = answeredMs === undefined ? undefined : moment(answeredMs);
  return { asker, server, name: 'app.example', asked: moment(askedMs), outcome, answered, addresses: 0 };
}

function explanationsOf(facts: Explanations, askedMs: number, answeredMs: number): string[] {
  return facts.of(moment(askedMs), moment(answeredMs)).map(({ name }) => name);
}

describe('a peer that does not answer for its address', () => {
  const facts = new Explanations();
  facts.neighbourSilent(SILENT);

  test('explains a 502 when the kernel gives up, one interval after the last query', () => {
    expect(explanationsOf(facts, 0, 3073)).toEqual(['silent 10.0.0.7']);
  });

  test('does not explain one at another time, nor one that was asked for later', () => {
    expect(explanationsOf(facts, 0, 3200)).toEqual([]);
    expect(explanationsOf(facts, 3074, 3075)).toEqual([]);
  });
});

describe('a resolver that failed', () => {
  test('explains the 502 right after its answer', () => {
    const facts = new Explanations();
    facts.resolved(answer(1, 1.5));
    expect(facts.of(moment(0), moment(1.6))).toMatchObject([{ is: 'resolver', known: moment(1.5) }]);
    expect(explanationsOf(facts, 0, 20)).toEqual([]);
  });

  test.each(['silent', 'unreachable'] as const)(
    'that was %s: explains the 502 of the request before the query',
    (how) => {
      const facts = new Explanations();
      facts.resolved(answer(1, undefined, how));
      expect(facts.of(moment(0), moment(5000))).toMatchObject([{ is: 'resolver', known: undefined }]);
      expect(explanationsOf(facts, -100, 5000)).toEqual([]);
    },
  );

  test('explains a wait without an attempt, a little earlier too, and for those who joined a question without an answer', () => {
    const facts = new Explanations();
    const waits = (asked: number, answered: number) =>
      facts.ofWait(moment(asked), moment(answered)).map(({ name }) => name);
    facts.resolved(answer(1, 1.5));
    expect(waits(0, 20)).toEqual(['resolver app.example']);
    expect(waits(2, 20)).toEqual([]);
    facts.resolved({ ...answer(1, undefined, 'silent'), name: 'silent.example' });
    expect(waits(900, 1900)).toEqual(['resolver silent.example']);
    expect(waits(40_000, 41_000)).toEqual([]);
  });

  test('explains nothing where it knew the name', () => {
    const facts = new Explanations();
    facts.resolved({ ...answer(1, 1.5, 0), addresses: 2 });
    expect(explanationsOf(facts, 0, 1.6)).toEqual([]);
  });
});

test('only the latest few count, latest first', () => {
  const facts = new Explanations();
  for (let n = 0; n < 10; n++) facts.resolved({ ...answer(1, 1.5 + n / 100), name: `${n}.example` });
  const names = explanationsOf(facts, 0, 1.7);
  expect(names.length).toBeLessThan(10);
  expect(names[0]).toBe('resolver 9.example');
});
