import { describe, expect, test } from 'vitest';
import { attach, type Use } from '../../../src/incident/front.ts';
import { chainCost, type Knowledge, mainChain, mayBeRetried, quietCost } from '../../../src/incident/timing/chain.ts';
import { Gaps } from '../../../src/incident/timing/densities.ts';
import { Habits } from '../../../src/incident/timing/habits.ts';
import { learnChain } from '../../../src/incident/timing/lessons.ts';
import { endpoint } from '../../../src/model/endpoint.ts';
import { type AttemptPlan, fault, moment } from '../../kit/incidents.ts';
import { type FrontPlan, front, refused, use } from '../facets.ts';

const A = endpoint('10.0.0.7', 9000);
const B = endpoint('10.0.0.8', 9000);

const fresh = (): Knowledge => ({ gaps: new Gaps(), habits: new Habits() });

function cost(plan: FrontPlan, uses: readonly Use[], knowledge: Knowledge = fresh()): number {
  return chainCost(front({ answeredMs: 1, ...plan }, knowledge.habits), uses, knowledge);
}

describe('a chain is the cheaper, the likelier it is', () => {
  test('an attempt right after the request, and the 502 right after its failure', () => {
    const near = cost({}, [refused(0.2)]);
    expect(near).toBeLessThan(cost({ answeredMs: 60_000 }, [refused(0.2)]));
    expect(near).toBeLessThan(cost({ answeredMs: 60_001 }, [refused(60_000)]));
  });

  test('two peers one after the other, rather than the same one twice', () => {
    expect(cost({}, [refused(0.2), refused(0.4, B)])).toBeLessThan(cost({}, [refused(0.2), refused(0.4)]) - 5);
  });

  test('the same peer twice, where the first connection was a kept-alive one', () => {
    const stale = use({ peer: A, reused: true, server: 'rst' });
    const first = use({ peer: A, server: 'rst' });
    const again = refused(0.7);
    expect(cost({}, [stale, again])).toBeLessThan(cost({}, [first, again]) - 5);
  });

  test('one after the other, rather than at the same time', () => {
    const long = use({ peer: A, server: 'rst', afterRequestMs: 0.6 });
    expect(cost({}, [use({ peer: A, server: 'rst' }), refused(0.7, B)])).toBeLessThan(
      cost({}, [long, refused(0.3, B)]) - 5,
    );
  });

  test('a failure before the 502, rather than an answer', () => {
    const answered = use({ peer: A, response: { start: moment(0.8), head: moment(0.8) } });
    expect(cost({}, [use({ peer: A, server: 'rst' })])).toBeLessThan(cost({}, [answered]));
    expect(cost({ status: 200 }, [answered])).toBeLessThan(cost({ status: 200 }, [use({ peer: A, server: 'rst' })]));
  });

  test('nothing more after an answer', () => {
    const answered = use({ peer: A, response: { start: moment(0.6), head: moment(0.6) } });
    expect(cost({}, [answered, refused(0.8, B)])).toBeGreaterThan(cost({}, [refused(0.2), refused(0.8, B)]));
  });

  test('a POST that was sent is not sent again', () => {
    const post = { request: { method: 'POST' } };
    const chain = (): Use[] => [use({ peer: A, server: 'rst' }), refused(0.8, B)];
    expect(cost(post, chain())).toBeGreaterThan(cost({}, chain()) + 1);
  });

  test('attempts of a server that only ever served attempts are news', () => {
    const knowledge = fresh();
    const one = front({ answeredMs: 1 }, knowledge.habits);
    const before = chainCost(one, [refused(0.2)], knowledge);
    one.atPeer = true;
    expect(chainCost(one, [refused(0.2)], knowledge)).toBeGreaterThan(before + 5);
  });
});

test('while a request waits, its attempts are weighed by their number and how they began', () => {
  const knowledge = fresh();
  const waiting = front({}, knowledge.habits);
  expect(chainCost(waiting, [], knowledge)).toBeLessThan(5);
  expect(chainCost(waiting, [refused(0.2)], knowledge)).toBeGreaterThan(10);
});

test('a 502 that a silent peer explains to the millisecond needs no attempt, however late it came', () => {
  const knowledge = fresh();
  const [plain, explained] = [0, 1].map(() => front({ answeredMs: 30_000 }, knowledge.habits));
  if (!plain || !explained) throw new Error('two requests');
  const fact = { asker: '10.0.0.1', target: '10.0.0.7', first: moment(1), last: moment(2), queries: 3 };
  explained.explanation = { is: 'silent', fact, name: 'silent 10.0.0.7' };
  expect(chainCost(explained, [], knowledge)).toBeLessThan(chainCost(plain, [], knowledge));
});

test('attempts are the dearer, the more 502s of the location went without one before', () => {
  const later = front({ answeredMs: 1 });
  attach(later, refused(0.2));
  expect(quietCost(later)).toBe(0);
  const early = { request: { head: moment(-3), end: moment(-3) }, answeredMs: -2 };
  later.firstQuiet = [front(early)];
  const one = quietCost(later);
  expect(one).toBeGreaterThan(0);
  later.firstQuiet = [front(early), front(early)];
  expect(quietCost(later)).toBeGreaterThan(one);
});

describe('a subrequest at the same time', () => {
  const mirrored = (): Use[] => [
    use({ peer: B, response: { start: moment(0.9), head: moment(0.9) }, exchange: { start: moment(0.1) } }),
    refused(0.2),
  ];

  test('is not of the chain that the answer came of', () => {
    const uses = mirrored();
    expect(mainChain(front({ answeredMs: 1, status: 200 }), uses)).toEqual(uses.slice(0, 1));
  });

  test('costs much where none was ever made, and little where one is made each time', () => {
    const knowledge = fresh();
    const before = cost({ status: 200 }, mirrored(), knowledge);
    expect(before).toBeGreaterThan(cost({ status: 200 }, mirrored().slice(0, 1), knowledge) + 20);
    for (let n = 0; n < 20; n++) {
      const one = front({ answeredMs: 1, status: 200 }, knowledge.habits);
      for (const each of mirrored()) attach(one, { ...each, fixed: true });
      learnChain(one, knowledge);
    }
    expect(cost({ status: 200 }, mirrored(), knowledge)).toBeLessThan(before - 10);
  });
});

describe('nginx passes a failed request on to the next peer', () => {
  test.each<[string, boolean, FrontPlan, AttemptPlan]>([
    ['a GET after a RST', true, {}, { server: 'rst' }],
    ['a POST that was not sent yet', true, { request: { method: 'POST' } }, { server: 'refuses' }],
    ['a POST that was sent', false, { request: { method: 'POST' } }, { server: 'rst' }],
    ['a PATCH that was sent', false, { request: { method: 'PATCH' } }, { server: 'fin' }],
    ['a PUT that was sent', true, { request: { method: 'PUT' } }, { server: 'rst' }],
    ['after a header that it refused', false, {}, { faults: [fault('header-line')], gatewayAfterMs: 1 }],
  ])('%s: %s', (_, retried, asked, plan) => {
    expect(mayBeRetried(front(asked), use(plan))).toBe(retried);
  });
});
