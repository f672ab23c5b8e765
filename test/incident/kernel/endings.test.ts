import { expect, test } from 'vitest';
import { Endings, EVENTS_KEPT } from '../../../src/incident/kernel/endings.ts';
import { endpoint } from '../../../src/model/endpoint.ts';
import type { Exchange } from '../../../src/model/exchange.ts';
import { moment } from '../../kit/incidents.ts';
import { attemptEnded } from '../../kit/kernel-events.ts';
import { use } from '../facets.ts';

const SOCKET = attemptEnded(1).socket;
const LATER = moment(10_000);

function refused(over: Partial<Exchange> = {}): Exchange {
  return use({ server: 'refuses', exchange: over }).exchange;
}

test('the end of an attempt finds its connection, whichever of the two is told first', () => {
  const [before, behind] = [new Endings(), new Endings()];
  const exchange = refused();
  before.ended(attemptEnded(0.6));
  before.observe(exchange);
  behind.observe(exchange);
  behind.ended(attemptEnded(0.6));
  expect([before, behind].map((each) => each.of(SOCKET, LATER)?.exchange)).toEqual([exchange, exchange]);
});

test('the connection of a gateway whose order of acts means nothing is not kept', () => {
  const endings = new Endings();
  endings.observe(refused());
  endings.ended(attemptEnded(0.6, { process: { id: 1, name: 'envoy' } }));
  endings.observe(refused({ id: 9 }));
  expect(endings.of(SOCKET, LATER)).toMatchObject({ exchange: undefined, spent: false });
});

test('a connection that was over for seconds is let go of, and one that goes on is not', () => {
  const keptAfter = (end: Exchange['end']) => {
    const endings = new Endings();
    endings.observe(refused({ end }));
    // Time goes on with the end of any other.
    const other = endpoint('10.0.0.1', 40_009);
    endings.observe(refused({ id: 9, client: other, end: { how: 'refused', moment: moment(6000) } }));
    endings.ended(attemptEnded(6000));
    return endings.of(SOCKET, LATER)?.exchange?.id;
  };
  expect(keptAfter({ how: 'refused', moment: moment(0.6) })).toBeUndefined();
  expect(keptAfter({ how: 'refused', moment: moment(1001) })).toBe(refused().id);
  expect(keptAfter(undefined)).toBe(refused().id);
});

test('once its request is settled it keeps no connection, and is nobody else’s', () => {
  const endings = new Endings();
  const ended = attemptEnded(0.6);
  endings.observe(refused());
  endings.ended(ended);
  endings.spend(ended);
  endings.observe(refused({ id: 9 }));
  expect(endings.of(SOCKET, LATER)).toMatchObject({ exchange: undefined, spent: true });
});

test('a connection that is used for one request after the other ends once for each', () => {
  const endings = new Endings();
  const [first, second] = [1, 2].map((id) => refused({ id, start: moment(id) }));
  endings.observe(first as Exchange);
  endings.ended(attemptEnded(1.2));
  endings.observe(second as Exchange);
  endings.ended(attemptEnded(2.2));
  expect([1.3, 2.3].map((ms) => endings.of(SOCKET, moment(ms))?.exchange)).toEqual([first, second]);
  expect(endings.of(SOCKET, moment(1))).toBeUndefined();
});

test('the next request of a connection, made at once, is not the one whose end was told before', () => {
  const endings = new Endings();
  const [first, next] = [1, 2].map((id) => refused({ id, start: moment(id / 10) }));
  endings.observe(first as Exchange);
  endings.ended(attemptEnded(0.15));
  endings.observe(next as Exchange);
  expect(endings.of(SOCKET, LATER)?.exchange).toBe(first);
});

test('of all connections together so many ends are kept, those of the connection that was used longest ago go first', () => {
  const endings = new Endings();
  const end = (ms: number, socket: number) => endings.ended(attemptEnded(ms, { socket }));
  end(1, 1);
  end(2, 1);
  for (let n = 0; n < EVENTS_KEPT - 1; n++) end(3, 2);
  expect([endings.of(1, moment(1.5)), endings.of(1, LATER)?.event.moment]).toEqual([undefined, moment(2)]);
  for (let n = 0; n < 2; n++) end(4, 2);
  expect(endings.of(1, LATER)).toBeUndefined();
  expect(endings.of(2, LATER)?.event.moment).toEqual(moment(4));
});
