/**
 * How an exchange ended from the point of view of its client (for an upstream connection: the gateway, which is what
 * nginx's ngx_http_upstream_next is told). Pure: read off the exchange, used by the incident and verdict stations alike.
 */
import type { Exchange } from './exchange.ts';
import type { Fault, TlsAlert } from './message.ts';
import type { Moment } from './time.ts';

export type Outcome =
  /** A complete, acceptable response head; what came later is not a 502's cause. */
  | { readonly is: 'answered'; readonly moment: Moment; readonly status: number }
  /** The server or the network ended it before that. */
  | { readonly is: 'failed'; readonly moment: Moment }
  /** The client closed first because of what it had received (`rejected`), or while nothing was wrong yet (`abandoned`: a timeout of its own, or its own client left). */
  | { readonly is: 'rejected'; readonly moment: Moment; readonly fault: Fault | undefined }
  | { readonly is: 'abandoned'; readonly moment: Moment }
  /** It is over, but the octets that would tell how it went are missing from the capture. */
  | { readonly is: 'unseen'; readonly moment: Moment }
  /** Still going on, or the capture ended. */
  | { readonly is: 'open' };

/** Faults that a gateway answers with a 502 (NGX_HTTP_UPSTREAM_INVALID_HEADER), as opposed to oddities it tolerates. */
const REJECTED: ReadonlySet<Fault['name']> = new Set([
  'header-line',
  'header-conflict',
  'status',
  'head-too-big',
  'record-version',
  'record-type',
  'record-request-id',
  'record-unexpected',
  'memcached-reply',
  'http2-frame',
  'other-protocol',
] satisfies Fault['name'][]);

/** How a side says good-bye (RFC 8446 6.1): no error. */
const CLOSE_NOTIFY = 0;

const OPEN: Outcome = { is: 'open' };

export function outcomeOf(exchange: Exchange): Outcome {
  const { response, serverClose, clientClose, connection } = exchange;
  if (connection.refusal) return { is: 'failed', moment: connection.refusal.moment };
  const fault = exchange.faults.length === 0 ? undefined : rejectedFor(exchange);
  const refused = clientClose && (isUnasked(exchange) || (fault && before(clientClose, response?.end)));
  if (response?.head && response.status >= 200 && !refused) {
    return { is: 'answered', moment: response.head, status: response.status };
  }
  const alert = exchange.tls?.alerts.find(
    (candidate) => isServers(candidate) && candidate.description !== CLOSE_NOTIFY,
  );
  const said = earlier(earlier(exchange.streamReset?.moment, exchange.goaway?.moment), alert?.moment);
  if (isUnseen(exchange) && !said && !fault) {
    const over = earlier(earlier(serverClose, clientClose), exchange.end?.moment);
    return over ? { is: 'unseen', moment: over } : OPEN;
  }
  const told = earlier(said, serverClose);
  if (told && !(clientClose && before(clientClose, told))) return { is: 'failed', moment: told };
  if (clientClose) {
    if (fault || (response && !response.head) || isUnasked(exchange))
      return { is: 'rejected', moment: clientClose, fault };
    return { is: 'abandoned', moment: clientClose };
  }
  if (fault) return { is: 'rejected', moment: fault.moment, fault };
  return OPEN;
}

/** The server's first fault that a gateway does not tolerate. */
function rejectedFor({ faults, connection }: Exchange): Fault | undefined {
  return faults.find(
    (candidate) => candidate.dialogue.connection === connection && isServers(candidate) && REJECTED.has(candidate.name),
  );
}

/** The server spoke first, and its client left without a word: that was no answer to it. */
function isUnasked({ request, response, connection, obscured }: Exchange): boolean {
  if (response === undefined || request !== undefined || obscured) return false;
  return !connection.midstream && connection.forward.octets === 0;
}

/** A server that was seen to say nothing did not answer. */
function isUnseen({ obscured, serverOctets, end }: Exchange): boolean {
  return end?.how === 'unseen' || (obscured && serverOctets > 0);
}

/** A client is told nothing by its own faults and alerts. */
function isServers({ direction, dialogue }: Fault | TlsAlert): boolean {
  return direction !== dialogue.clientDirection;
}

function earlier(one: Moment | undefined, other: Moment | undefined): Moment | undefined {
  if (!one || !other) return one ?? other;
  return before(other, one) ? other : one;
}

/** Was `a` seen before `b`? Frames decide: they are in capture order, times may be equal. */
function before(a: Moment, b: Moment | undefined): boolean {
  return b === undefined || a.frame < b.frame;
}
