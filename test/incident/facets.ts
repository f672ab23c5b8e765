/** Requests and attempts as the incident station keeps them: what a test is about, and defaults for the rest. */
import { type Front, frontOf, type Use, useOf } from '../../src/incident/front.ts';
import { Habits } from '../../src/incident/timing/habits.ts';
import { type Endpoint, endpoint } from '../../src/model/endpoint.ts';
import type { RequestFacts } from '../../src/model/exchange.ts';
import { type AttemptPlan, CLIENT, connection, exchange, GATEWAY, moment } from '../kit/incidents.ts';

export interface FrontPlan {
  readonly client?: Endpoint;
  readonly request?: Partial<RequestFacts>;
  /** When its client was answered, and how; unanswered where this is left out. */
  readonly answeredMs?: number;
  readonly status?: number;
}

/** A request at the gateway that is complete at 0 ms. */
export function front(plan: FrontPlan = {}, habits: Habits = new Habits()): Front {
  const { client = CLIENT, answeredMs, status = 502 } = plan;
  const asked = { start: moment(-0.1), head: moment(-0.05), end: moment(0), ...plan.request };
  const made = exchange({ request: asked, exchange: { client, server: GATEWAY } });
  const { host = '', target = '' } = made.request ?? {};
  const one = frontOf(made, habits.prefixesOf(GATEWAY.text, host, target));
  if (answeredMs !== undefined) {
    one.answered = moment(answeredMs);
    one.status = status;
  }
  return one;
}

/** An attempt that begins at 0.1 ms, unless told otherwise. */
export function use(plan: AttemptPlan = {}): Use {
  return useOf(exchange(plan));
}

const A = endpoint('10.0.0.7', 9000);

/** A SYN at `ms`, turned down 50 us later. */
export function refused(ms: number, peer = A): Use {
  const syn = moment(ms);
  const on = connection({ passive: peer, first: syn, syn, lastSyn: syn, synAck: undefined, established: undefined });
  const refusal = { how: 'rst', moment: moment(ms + 0.05) } as const;
  return use({ peer, refusal, connection: { ...on, refusal }, exchange: { start: syn } });
}
