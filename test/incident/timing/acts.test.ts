import { expect, test } from 'vitest';
import { attach, type Front } from '../../../src/incident/front.ts';
import { ACTS_KEPT, Acts, actsOf, KIND } from '../../../src/incident/timing/acts.ts';
import { connection, moment } from '../../kit/incidents.ts';
import { front, use } from '../facets.ts';

const ALL = [0, Number.POSITIVE_INFINITY] as const;

/** Asked at 0 ms, tried at 0.1 ms, answered at 1 ms. */
function answered(fixed = true): Front {
  const one = front({ answeredMs: 1, status: 200 });
  const response = { start: moment(0.8), head: moment(0.8) };
  attach(one, { ...use({ response, connection: connection({ synAck: moment(0.2) }) }), fixed });
  return one;
}

test('a request whose attempt is known shows when the gateway began, sent and answered', () => {
  const acts = new Acts();
  acts.observe(answered());
  const frames = acts.between(...ALL).map(({ kind, ready, acted }) => [kind, ready < acted]);
  expect(frames).toEqual([
    [KIND.open, true],
    [KIND.send, true],
    [KIND.answer, true],
  ]);
});

test('one whose attempt was guessed shows nothing', () => {
  const acts = new Acts();
  acts.observe(answered(false));
  expect(acts.between(...ALL)).toEqual([]);
});

test('only what was waited for or done between two frames', () => {
  const acts = new Acts();
  acts.observe(answered());
  expect(acts.between(moment(2).frame, moment(3).frame)).toEqual([]);
});

test('the oldest are forgotten', () => {
  const acts = new Acts();
  for (let n = 0; n <= ACTS_KEPT / 3; n++) acts.observe(answered());
  expect(acts.between(...ALL).length).toBe(ACTS_KEPT);
});

test('a response that the gateway rejects is known by the octet that was wrong, not by when it closed', () => {
  const one = front({ answeredMs: 1, status: 502 });
  const rejected = use({ response: { start: moment(0.5), head: undefined }, gatewayAfterMs: 1.5 });
  attach(one, { ...rejected, fixed: true });
  const fail = actsOf(one, one.uses).find(({ kind }) => kind === KIND.fail);
  expect(fail).toMatchObject({ ready: moment(0.5).frame, acted: moment(1).frame });
});
