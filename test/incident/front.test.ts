import { describe, expect, test } from 'vitest';
import { askedBefore, attach, close, closeAfter, detach, failureOf, fits } from '../../src/incident/front.ts';
import { moment } from '../kit/incidents.ts';
import { front, use } from './facets.ts';

describe('when a gateway could have begun an attempt', () => {
  test('after the whole request', () => {
    expect(askedBefore(front(), moment(0.1))).toEqual(moment(0));
  });

  test('after its head, while the body is still on its way', () => {
    expect(askedBefore(front({ request: { end: moment(5) } }), moment(0.1))).toEqual(moment(-0.05));
    expect(askedBefore(front({ request: { end: undefined } }), moment(0.1))).toEqual(moment(-0.05));
  });

  test('not before it knew what was asked', () => {
    expect(askedBefore(front(), moment(-0.08))).toBeUndefined();
  });
});

describe('when an attempt was over without an answer', () => {
  test('is when its peer ended it, or its gateway', () => {
    expect(failureOf(use({ server: 'rst', afterRequestMs: 2 }))).toMatchObject(moment(2.3));
    expect(failureOf(use({ gatewayAfterMs: 4 }))).toMatchObject(moment(4.3));
  });

  test('is never, where it was answered or goes on', () => {
    expect(failureOf(use({ response: {} }))).toBeUndefined();
    expect(failureOf(use())).toBeUndefined();
  });
});

test("the gateway's close counts as its last act only after the failure", () => {
  const failed = use({ server: 'rst', gatewayAfterMs: 0.5 });
  expect(closeAfter(failed, moment(0.6))).toMatchObject(moment(0.8));
  expect(closeAfter(failed, moment(0.9))).toBeUndefined();
});

describe('by the order of frames alone', () => {
  test('an attempt between the request and its answer could have been made for it', () => {
    expect(fits(front({ answeredMs: 1 }), use({ server: 'rst' }))).toBe(true);
    expect(fits(front(), use({ server: 'rst' }))).toBe(true);
  });

  test('an attempt that began before the request could not', () => {
    expect(fits(front({ request: { head: moment(0.2), end: moment(0.2) } }), use({ server: 'rst' }))).toBe(false);
  });

  test('an attempt that failed after the answer could not', () => {
    expect(fits(front({ answeredMs: 0.5 }), use({ server: 'rst' }))).toBe(false);
  });

  test('an attempt that hangs could, if it began before the answer', () => {
    expect(fits(front({ answeredMs: 0.5 }), use())).toBe(true);
    expect(fits(front({ answeredMs: 0.05 }), use())).toBe(false);
  });

  test('a request is no attempt of its own', () => {
    const one = front();
    expect(fits(one, { ...use({ server: 'rst' }), exchange: one.exchange })).toBe(false);
  });
});

test('attempts stand in the order in which they began, in whatever order they were found', () => {
  const one = front();
  const [first, second, third] = [0.1, 0.2, 0.3].map((ms) => use({ exchange: { start: moment(ms) } }));
  if (!first || !second || !third) expect.fail();
  for (const each of [second, third, first]) attach(one, each);
  expect(one.uses).toEqual([first, second, third]);
  expect(second.front).toBe(one);
  detach(second);
  expect(one.uses).toEqual([first, third]);
  expect(second.front).toBeUndefined();
  detach(second);
  expect(one.uses).toHaveLength(2);
});

test('a request that is settled keeps its attempts, and nobody else who could have made them', () => {
  const [settled, other] = [front(), front()];
  const attempt = use();
  attach(settled, attempt);
  attempt.candidates = attempt.likely = [settled, other];
  settled.firstQuiet = [other];
  close(settled);
  expect(settled).toMatchObject({ uses: [{ candidates: [], likely: [] }], firstQuiet: [] });
});
