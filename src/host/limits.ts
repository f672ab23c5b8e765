/** Limits and time-outs of this station, each with its reason. */
import { MILLISECOND, type Nanos, SECOND } from '../model/time.ts';

export interface HostLimits {
  /** Addresses asked for at once. A /16 that is scanned asks for more; it proves nothing about a 502. */
  readonly neighbours: number;
  /** Questions to resolvers without an answer yet. nginx asks once per name and worker; a recursor is not our subject. */
  readonly questions: number;
}

export const HOST_LIMITS: HostLimits = { neighbours: 4096, questions: 4096 };

/** Linux asks three times (mcast_solicit, ucast_solicit), a second apart (retrans_time_ms), then says EHOSTUNREACH. */
export const NEIGHBOUR_QUERIES = 3;
/** A question this long after the one before belongs to another attempt; the interval can be set, but hardly so long. */
export const NEIGHBOUR_TIME: Nanos = 3 * SECOND;

/** Copies of one frame are taken within this time; nobody asks twice so soon. */
export const COPY_TIME: Nanos = 50 * MILLISECOND;

/** nginx repeats a question after 5 s without an answer (ngx_resolver.c, resend_timeout) and gives up after 30. */
export const RESOLVER_TIME: Nanos = 5 * SECOND;

/** Deadlines are looked at this often, so that ticking after every frame costs nothing. */
export const TICK_TIME: Nanos = 20 * MILLISECOND;
