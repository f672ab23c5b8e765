import { describe, expect, test } from 'vitest';
import type { Connection } from '../../src/model/connection.ts';
import { judge } from '../../src/verdict/judge.ts';
import {
  both,
  limitOfChain,
  limitOfLink,
  limitOfLoss,
  limitOfRivals,
  limitOfTurn,
  SURE_MARGIN,
  withoutTimes,
} from '../../src/verdict/limits.ts';
import { attempt, connection, incident } from '../kit/incidents.ts';

describe('how an attempt was tied to its request limits the confidence', () => {
  test.each([
    ['kernel', Number.POSITIVE_INFINITY, false, 'certain'],
    ['log', Number.POSITIVE_INFINITY, false, 'certain'],
    ['identity', Number.POSITIVE_INFINITY, false, 'certain'],
    ['identity', SURE_MARGIN, false, 'likely'],
    ['identity', SURE_MARGIN, true, 'certain'],
    ['timing', Number.POSITIVE_INFINITY, false, 'likely'],
    ['timing', SURE_MARGIN + 1, false, 'likely'],
    ['timing', SURE_MARGIN, false, 'possible'],
    ['timing', SURE_MARGIN, true, 'likely'],
    ['timing', Number.NaN, false, 'possible'],
  ] as const)('%s, margin %d, interchangeable %s: %s', (link, margin, interchangeable, confidence) => {
    const limit = limitOfLink(attempt({ link, margin, interchangeable }));
    expect(limit.confidence).toBe(confidence);
    expect(limit.unseen.length).toBe(confidence === 'certain' ? 0 : 1);
  });
});

describe('what the capture lost limits the confidence, and is said', () => {
  test('nothing lost', () => {
    expect(limitOfLoss(incident(), attempt())).toEqual({ confidence: 'certain', unseen: [] });
  });

  test.each([
    ['packets lost meanwhile', incident({ incident: { losses: 3 } }), attempt()],
    ['requests left out meanwhile', incident({ incident: { leftOut: true } }), attempt()],
    ['a gap downstream', incident({ exchange: { incomplete: true } }), undefined],
    ['a gap in the attempt', incident(), attempt({ exchange: { incomplete: true } })],
    ['a gap in its connection', incident(), attempt({ exchange: { connection: connection({ incomplete: true }) } })],
  ])('%s', (_what, around, tried) => {
    const limit = limitOfLoss(around, tried);
    expect(limit.confidence).toBe('likely');
    expect(limit.unseen[0]).toContain('capture');
  });
});

test.each([
  ['tied by its time', { link: 'timing' }, {}],
  ['open while they were lost', { exchange: { connection: connection({ incomplete: true }) } }, {}],
  ['of a request with a gap', {}, { incomplete: true }],
] as const)(
  'packets lost meanwhile leave an attempt %s possible, requests left out or not',
  (_what, tried, exchange) => {
    for (const leftOut of [false, true]) {
      const limit = limitOfLoss(incident({ incident: { losses: 3, leftOut }, exchange }), attempt(tried));
      expect(limit.confidence).toBe('possible');
      expect(limit.unseen[0]).toContain('the capture lost');
    }
  },
);

test('requests left out limit nothing where the kernel saw what was done for this one', () => {
  expect(limitOfLoss(incident({ incident: { leftOut: true, witnessed: true } })).confidence).toBe('certain');
});

test('a rival bars certain', () => {
  expect(limitOfRivals(incident({ incident: { rivals: 1 } })).confidence).toBe('likely');
  expect(limitOfRivals(incident({ incident: { rivals: 2 } })).unseen[0]).toContain('2 failed attempts');
  expect(limitOfRivals(incident()).confidence).toBe('certain');
});

describe('where what the client asked was told, and not seen', () => {
  const told: Connection = { ...connection(), untold: 0 };
  const tied = (target: string, n = 1) => attempt({ n, link: 'kernel', request: { target } });
  const limit = (target: string, protocol: 'http/1' | 'http/2' = 'http/1', on = told) => {
    const attempts = [tied(target), tied('/checkout?id=7', 2)];
    const made = incident({ exchange: { connection: on, protocol }, attempts });
    return made.attempts.map((each) => limitOfTurn(made, each).confidence);
  };

  test('an attempt that asks for something else may be somebody else’s', () => {
    expect(limit('/checkout?id=7')).toEqual(['certain', 'certain']);
    expect(limit('/pay')).toEqual(['likely', 'certain']);
    expect(limit('/pay', 'http/1', connection())).toEqual(['certain', 'certain']);
  });

  test('of HTTP/2 one before the last may be, too', () => {
    expect(limit('/checkout?id=7', 'http/2')).toEqual(['likely', 'certain']);
    expect(limit('/checkout?id=7', 'http/2', connection())).toEqual(['certain', 'certain']);
  });
});

test('a chain is as sure as its weakest link', () => {
  const first = attempt({ link: 'timing' });
  const last = attempt({ n: 2 });
  expect(limitOfChain(incident({ attempts: [first, last] })).confidence).toBe('likely');
  expect(limitOfChain(incident({ attempts: [last] })).confidence).toBe('certain');
  expect(limitOfChain(incident({ attempts: [attempt(), last] })).confidence).toBe('certain');
});

test('of two limits the lower holds, and both are said', () => {
  const low = { confidence: 'possible', unseen: ['a'] } as const;
  const high = { confidence: 'likely', unseen: ['b'] } as const;
  expect(both(high, low)).toEqual({ confidence: 'possible', unseen: ['b', 'a'] });
});

test('without the times of packets nothing is certain, of no attempt, and it is said', () => {
  const judged = judge(incident({ attempts: [attempt()] }));
  const limited = withoutTimes(judged);
  for (const { finding } of [limited, ...limited.attempts]) {
    expect(finding?.confidence).not.toBe('certain');
    expect(finding?.unseen.at(-1)).toContain('when packets were captured');
  }
  expect(limited.finding.cause).toBe(judged.finding.cause);
});

test('an attempt that was not seen may be among what was lost', () => {
  expect(limitOfLoss(incident({ incident: { losses: 3 } })).confidence).toBe('possible');
  expect(limitOfLoss(incident()).confidence).toBe('certain');
});
