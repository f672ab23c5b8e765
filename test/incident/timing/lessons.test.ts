import { describe, expect, test } from 'vitest';
import { attach, type Front, type Use } from '../../../src/incident/front.ts';
import { chainCost, type Knowledge } from '../../../src/incident/timing/chain.ts';
import { DECISION_NAMES } from '../../../src/incident/timing/decisions.ts';
import { Gaps } from '../../../src/incident/timing/densities.ts';
import { Habits } from '../../../src/incident/timing/habits.ts';
import { learnChain, lessonFrom } from '../../../src/incident/timing/lessons.ts';
import { endpoint } from '../../../src/model/endpoint.ts';
import { front, refused } from '../facets.ts';

const B = endpoint('10.0.0.8', 9000);

const fresh = (): Knowledge => ({ gaps: new Gaps(), habits: new Habits() });
const cost = (uses: readonly Use[], knowledge: Knowledge): number =>
  chainCost(front({ answeredMs: 1 }, knowledge.habits), uses, knowledge);

describe('what a chain teaches', () => {
  const settled = (knowledge: Knowledge, uses: readonly Use[], fixed: boolean): Front => {
    const one = front({ answeredMs: 1 }, knowledge.habits);
    for (const each of uses) attach(one, { ...each, fixed });
    return one;
  };

  test('makes the like of it cheaper, more so than with another peer', () => {
    const knowledge = fresh();
    const before = cost([refused(0.2)], knowledge);
    expect(cost([refused(0.2, B)], knowledge)).toBe(before);
    for (let n = 0; n < 20; n++) learnChain(settled(knowledge, [refused(0.2)], true), knowledge);
    const after = cost([refused(0.2)], knowledge);
    expect(after).toBeLessThan(before);
    expect(cost([refused(0.2, B)], knowledge)).toBeGreaterThan(after + 2);
  });

  test('is nothing about gaps, where a guess tied it', () => {
    const knowledge = fresh();
    const before = knowledge.gaps.first.cost(0.2e6);
    learnChain(settled(knowledge, [refused(0.2)], false), knowledge);
    expect(knowledge.gaps.first.cost(0.2e6)).toBe(before);
    learnChain(settled(knowledge, [refused(0.2)], true), knowledge);
    expect(knowledge.gaps.first.cost(0.2e6)).toBeLessThan(before);
  });

  test('is nothing at all, while it waits for its answer', () => {
    const knowledge = fresh();
    const waiting = front({}, knowledge.habits);
    attach(waiting, { ...refused(0.2), fixed: true });
    const before = cost([refused(0.2)], knowledge);
    learnChain(waiting, knowledge);
    expect(cost([refused(0.2)], knowledge)).toBe(before);
  });

  test('is each decision that was taken, in order', () => {
    const { steps } = lessonFrom(settled(fresh(), [refused(0.2), refused(0.4, B)], true));
    expect(steps.map(({ decision, choice }) => `${DECISION_NAMES[decision]} ${choice}`)).toEqual([
      'first 10.0.0.7:9000',
      'peer 10.0.0.7:9000',
      'again-1 next',
      'peer 10.0.0.8:9000',
      'again-2 stop',
      'answer follows',
      'beside -',
    ]);
  });

  test('is how long the gateway took, where it tried nobody', () => {
    const { steps } = lessonFrom(front({ answeredMs: 1 }));
    expect(steps.map(({ decision, choice }) => `${DECISION_NAMES[decision]} ${choice}`)).toEqual([
      'first -',
      'waited-502 19',
      'own-answer 502',
      'beside -',
    ]);
  });
});
