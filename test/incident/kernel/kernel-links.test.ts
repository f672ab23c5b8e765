import { expect, test } from 'vitest';
import { attach, type Front, type Use } from '../../../src/incident/front.ts';
import { KernelLinks } from '../../../src/incident/kernel/kernel-links.ts';
import { endpoint } from '../../../src/model/endpoint.ts';
import type { Answered, AttemptEnded, Logged } from '../../../src/model/kernel-event.ts';
import { MILLISECOND } from '../../../src/model/time.ts';
import { moment } from '../../kit/incidents.ts';
import { answered, attemptEnded, logged } from '../../kit/kernel-events.ts';
import { front, use } from '../facets.ts';

const REFUSED_AT = 0.6;
const SECOND_PEER = endpoint('10.0.0.8', 9000);

function failing(): Use {
  return use({ server: 'refuses' });
}

/** What is left open to question after the links were told of these. */
function settle(
  fronts: Front[],
  tries: Use[],
  events: (AttemptEnded | Answered | Logged)[],
  questioned = tries,
  uses = new Map<number, Use>(),
): readonly Use[] {
  const links = new KernelLinks();
  links.began();
  for (const each of tries) {
    links.observe(each.exchange);
    uses.set(each.exchange.id, each);
  }
  for (const event of events) {
    if (event.kind === 'answered') links.answered(event);
    else if (event.kind === 'logged') links.logged(event);
    else links.ended(event);
  }
  for (const each of fronts) links.observeAnswer(each);
  return links.settle(fronts, questioned, uses);
}

test('the attempt that a thread ended right before it answered was made for that request', () => {
  const [one, other] = [front({ answeredMs: 1 }), front({ answeredMs: 1, client: endpoint('203.0.113.9', 58885) })];
  const attempt = failing();
  attempt.candidates = [one, other];
  const left = settle([other, one], [attempt], [attemptEnded(REFUSED_AT), answered(1.01)]);
  expect(left).toEqual([]);
  expect(one.uses).toEqual([attempt]);
  expect(other.uses).toEqual([]);
  expect(attempt).toMatchObject({ fixed: true, witnessed: true, front: one });
  expect(one.chain).toMatchObject({ whole: true, links: [{ use: attempt }] });
});

test('an answer may be told long before its packet, where the host was away in between, but not before the request', () => {
  const one = front({ answeredMs: 41 });
  settle([one], [failing()], [attemptEnded(REFUSED_AT), answered(1.01)]);
  expect(one.chain).toMatchObject({ whole: true, links: [{ use: one.uses[0] }] });
  const next = front({ answeredMs: 41, request: { start: moment(1.1), head: moment(1.2), end: moment(1.2) } });
  settle([next], [failing()], [attemptEnded(REFUSED_AT), answered(1.01)]);
  expect(next.chain).toBeUndefined();
});

test('a port that comes round again while the request waits is another attempt', () => {
  const one = front({ answeredMs: 1 });
  const attempt = failing();
  const later = use({ server: 'refuses', exchange: { id: 9, start: moment(2000) } });
  settle([one], [attempt, later], [attemptEnded(REFUSED_AT), answered(1.01)]);
  expect(one.uses).toEqual([attempt]);
});

test('retries are followed back to the first attempt', () => {
  const one = front({ answeredMs: 1 });
  const [first, second] = [
    failing(),
    use({ server: 'refuses', peer: SECOND_PEER, exchange: { id: 3, server: SECOND_PEER } }),
  ];
  const retried = { socket: 8, after: 7, first: false, ends: { local: '10.0.0.1:40001', remote: SECOND_PEER.text } };
  const events = [attemptEnded(0.5), attemptEnded(REFUSED_AT, retried), answered(1, { after: 8 })];
  settle([one], [first, second], events);
  expect(one.chain?.links.map(({ use: each }) => each?.peer.text)).toEqual(['10.0.0.7:9000', '10.0.0.8:9000']);
  expect(one.uses.length).toBe(2);
});

test('an attempt that went well before is another request’s: nobody goes on after it', () => {
  const one = front({ answeredMs: 1 });
  const failed = failing();
  const fine = use({ response: { status: 200 }, peer: SECOND_PEER, exchange: { id: 3, server: SECOND_PEER } });
  const before = attemptEnded(0.55, {
    socket: 8,
    ends: { local: fine.exchange.client.text, remote: SECOND_PEER.text },
  });
  settle([one], [fine, failed], [before, attemptEnded(REFUSED_AT, { after: 8, first: false }), answered(1.01)]);
  expect(one.chain).toMatchObject({ whole: false, links: [{ use: failed }] });
});

test('an answer before which attempts ended may be tied, one before which none did may not', () => {
  const one = front({ answeredMs: 1, status: 200 });
  const after = (socket: number, status = 200): boolean => {
    const links = new KernelLinks();
    links.began();
    links.answered(answered(1.01, { after: socket, status }));
    return links.mayBeTied(one);
  };
  expect([after(7), after(0), after(7, 502)]).toEqual([true, false, false]);
  expect(new KernelLinks().mayBeTied(one)).toBe(false);
});

test('a connect() that failed before a packet was sent is a link without a connection', () => {
  const one = front({ answeredMs: 1 });
  settle([one], [], [attemptEnded(0.5, { errno: 13, neverOpen: true }), answered(1)]);
  expect(one.chain).toMatchObject({ links: [{ ending: { errno: 13 }, use: undefined }] });
});

test('a 502 that followed on no attempt had none: what was given to it by timing is taken away', () => {
  const one = front({ answeredMs: 1 });
  const attempt = failing();
  attempt.front = one;
  attempt.candidates = [one];
  one.uses.push(attempt);
  expect(settle([one], [attempt], [answered(1, { after: 0, direct: true })])).toEqual([attempt]);
  expect(one.chain).toEqual({ links: [], whole: true, direct: true, logged: undefined });
  expect(one.uses).toEqual([]);
  expect(attempt.candidates).toEqual([]);
});

const OF_REQUEST = 'client: 203.0.113.9, server: _, request: "GET /checkout?id=7 HTTP/1.1"';
const REFUSED = `connect() failed (111: Connection refused) while connecting to upstream, ${OF_REQUEST}, upstream: "fastcgi://10.0.0.7:9000", host: "a"`;
const NONE_LEFT = `no live upstreams while connecting to upstream, ${OF_REQUEST}, upstream: "fastcgi://group", host: "a"`;

test('what a thread wrote into its error log belongs to the attempt that it ended next, or to the answer', () => {
  const one = front({ answeredMs: 1 });
  const lines = [logged(0.5, REFUSED), logged(0.7, NONE_LEFT, { socket: 6 })];
  settle([one], [failing()], [...lines, attemptEnded(REFUSED_AT), answered(1)]);
  expect(one.chain).toMatchObject({ links: [{ logged: { line: REFUSED } }], logged: { line: NONE_LEFT } });
});

test('a line that names another request, or another peer, is not believed to belong there', () => {
  const of = (line: string) => {
    const one = front({ answeredMs: 1 });
    const events = [logged(0.5, line), logged(0.7, line, { socket: 6 }), attemptEnded(REFUSED_AT), answered(1)];
    settle([one], [failing()], events);
    return [one.chain?.links[0]?.logged, one.chain?.logged].map((each) => each !== undefined);
  };
  expect(of(REFUSED.replace('id=7', 'id=70'))).toEqual([false, false]);
  expect(of(REFUSED.replace(':9000', ':90'))).toEqual([false, true]);
});

test('a name that was not found was waited for: what the thread ended meanwhile was somebody else’s', () => {
  const line = `app.example could not be resolved (110: Operation timed out), ${OF_REQUEST}`;
  const of = (text: string) => {
    const one = front({ answeredMs: 1 });
    settle([one], [failing()], [attemptEnded(REFUSED_AT), logged(0.7, text, { socket: 6 }), answered(1)]);
    return one.chain;
  };
  expect(of(line)).toEqual({ links: [], whole: true, direct: false, logged: expect.objectContaining({ line }) });
  expect(of(line.replace('id=7', 'id=8'))).toMatchObject({ links: [{ use: {} }] });
});

test('a line about a subrequest says nothing of the answer', () => {
  const one = front({ answeredMs: 1 });
  const line = NONE_LEFT.replace(', upstream:', ', subrequest: "/mirror", upstream:');
  settle([one], [], [logged(0.7, line, { socket: 6 }), answered(1, { after: 0 })]);
  expect(one.chain).toMatchObject({ links: [], logged: undefined });
});

test('where there are two error logs, the same line is told once', () => {
  const one = front({ answeredMs: 1 });
  const lines = [logged(0.5, REFUSED), logged(0.7, REFUSED, { socket: 6 })];
  settle([one], [failing()], [...lines, attemptEnded(REFUSED_AT), answered(1)]);
  expect(one.chain).toMatchObject({ links: [{ logged: { line: REFUSED } }], logged: undefined });
});

test('a line before one answer of a connection is not that of the next one', () => {
  const [one, next] = [
    front({ answeredMs: 1 }),
    front({ answeredMs: 5, request: { start: moment(2), head: moment(3), end: moment(3) } }),
  ];
  const none = { after: 0, direct: true };
  settle([one, next], [], [logged(0.7, NONE_LEFT, { socket: 6 }), answered(1, none), answered(5, none)]);
  expect([one.chain?.logged?.line, next.chain?.logged]).toEqual([NONE_LEFT, undefined]);
});

test('an attempt that the kernel saw end for nobody is nobody’s, and forgotten', () => {
  const one = front({ answeredMs: 1 });
  const attempt = failing();
  attempt.candidates = [one];
  const uses = new Map<number, Use>();
  expect(settle([one], [attempt], [attemptEnded(REFUSED_AT)], [attempt], uses)).toEqual([]);
  expect(one.uses).toEqual([]);
  expect(uses.size).toBe(0);
});

test('the next request of the same connection has its own answer', () => {
  const first = front({ answeredMs: 1, status: 200 });
  const second = front({ answeredMs: 2, status: 200, request: { head: first.exchange.start } });
  settle([first, second], [failing()], [attemptEnded(REFUSED_AT), answered(2.01, { status: 200 })]);
  expect(first.chain).toBeUndefined();
  expect(second.chain?.links.length).toBe(1);
});

test('a gateway whose order of acts means nothing, another status, another time: no link', () => {
  for (const over of [{ process: { id: 1, name: 'go' } }, { status: 200 }, { moment: { at: 5e8, frame: 9e6 } }]) {
    const one = front({ answeredMs: 1 });
    settle([one], [failing()], [attemptEnded(REFUSED_AT), answered(1.01, over)]);
    expect(one.chain).toBeUndefined();
  }
});

test('an attempt that names another request is not taken from it', () => {
  const [one, other] = [front({ answeredMs: 1 }), front({ answeredMs: 1, client: endpoint('203.0.113.9', 58885) })];
  const attempt = failing();
  Object.assign(attempt, { front: other, named: true, fixed: true });
  other.uses.push(attempt);
  settle([one], [attempt], [attemptEnded(REFUSED_AT), answered(1.01)], []);
  expect(one.chain).toBeUndefined();
  expect(attempt.front).toBe(other);
});

test('an attempt that named a request which is settled is not given to who is answered right after it', () => {
  const [one, other] = [front({ answeredMs: 0.8 }), front({ answeredMs: 1 })];
  const attempt = failing();
  Object.assign(attempt, { fixed: true, named: true });
  attach(one, attempt);
  const links = new KernelLinks();
  links.began();
  links.observe(attempt.exchange);
  links.forget(one);
  links.ended(attemptEnded(REFUSED_AT));
  links.answered(answered(1.01));
  links.observeAnswer(other);
  links.settle([other], [], new Map());
  expect(other.uses).toEqual([]);
  expect(other.chain).toBeUndefined();
});

test('a chain whose beginning was lost is told as far as it is known', () => {
  const one = front({ answeredMs: 1 });
  settle([one], [failing()], [attemptEnded(REFUSED_AT, { after: 99, first: false }), answered(1.01)]);
  expect(one.chain).toMatchObject({ whole: false });
  expect(one.chain?.links.length).toBe(1);
});

test('without events nothing is kept or changed', () => {
  const links = new KernelLinks();
  const questioned = [failing()];
  expect(links.settle([front({ answeredMs: 1 })], questioned, new Map())).toBe(questioned);
});

test('requests that the kernel saw to their end need not wait, up to the first one that it did not', () => {
  const fronts = [1, 2, 3, 4].map((answeredMs) => front({ answeredMs }));
  const links = new KernelLinks();
  const until = (now: number) => links.settledUntil(now * MILLISECOND, 30 * MILLISECOND, fronts, new Map());
  expect(until(40)).toBeUndefined();
  links.began();
  for (const [n, each] of fronts.entries()) {
    if (n !== 2) {
      links.ended(attemptEnded(n + 0.5, { socket: 10 + n, ends: undefined, neverOpen: true }));
      links.answered(answered(n + 1, { after: 10 + n }));
    }
    links.observeAnswer(each);
  }
  expect(until(30.5)).toBeUndefined();
  expect(until(81)).toBe(2 * MILLISECOND);
  // Not looked at again so soon.
  expect(until(82)).toBeUndefined();
  expect(fronts.map(({ chain }) => chain?.whole)).toEqual([true, true, undefined, undefined]);
});

test('an answer into TLS right after an attempt is known to be there, though not what it says', () => {
  const links = new KernelLinks();
  links.began();
  const veiled = front({ answeredMs: 1 }).exchange;
  links.observe({ ...veiled, protocol: 'tls', request: undefined });
  expect(links.isVeiled(answered(1, { status: 0 }))).toBe(true);
  expect(links.isVeiled(answered(1, { status: 502 }))).toBe(false);
  expect(links.isVeiled(answered(1, { status: 0, after: 0 }))).toBe(false);
  expect(links.isVeiled(answered(1, { status: 0, process: { id: 7, name: 'envoy' } }))).toBe(false);
});

test('an answer in clear whose status the kernel could not read is not one into TLS', () => {
  const links = new KernelLinks();
  links.began();
  links.observe(front({ answeredMs: 1 }).exchange);
  expect(links.isVeiled(answered(1, { status: 0 }))).toBe(false);
});
