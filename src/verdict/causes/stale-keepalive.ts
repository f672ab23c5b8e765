import { MILLISECOND, type Nanos, SECOND } from '../../model/time.ts';
import type { CauseFile, Judgement } from '../cause-file.ts';
import { closerEvidence } from '../process-evidence.ts';
import { beginning, processUnseen } from '../story.ts';
import { type Close, isRead, isUnanswered, isUnread, isUntouched, type Wire } from '../wire-facts.ts';
import { duration, packet, relative } from '../words.ts';

/** The close and the request crossed if they are this close: two round trips, or what a busy machine needs for one. */
const CROSSING_ROUND_TRIPS = 2;
const CROSSING_FLOOR: Nanos = 10 * MILLISECOND;
/** Idle times below this are no idle timeout of any server we know (gunicorn's 2 s is the shortest default). */
const SHORTEST_IDLE_TIMEOUT: Nanos = SECOND;
/** Defaults after which servers close idle connections (causes 3.1), in seconds. */
const KNOWN_IDLE_TIMEOUTS: Readonly<Record<number, string>> = {
  2: 'gunicorn',
  5: 'Node.js and Apache',
  6: 'Node.js with its buffer of 1 s',
  20: "Tomcat's shipped server.xml",
  60: 'Tomcat',
  75: 'nginx',
};

export const staleKeepalive: CauseFile = {
  cause: 'stale-keepalive',
  section: 'No complete response header',
  title: 'A kept-alive connection was closed under the request',
  meaning:
    'The gateway sent the request on a connection that had served others, in the very moment in which the peer closed it for idling. Nothing is wrong with the request; a GET is tried again, a POST becomes a 502.',
  recognised: {
    packets:
      'a connection used again after a pause; FIN or RST within about a round trip of the request, no response octets',
    kernel: 'recv() gives -104 or 0 on a socket whose connect() belongs to an earlier request',
    log: 'the lines of reset-before-response and close-before-response, with $upstream_addr "A, A" or a POST with one attempt',
  },
  subcauses: { reset: 'the connection was reset', eof: 'the connection was closed (FIN)' },
  roots: [
    "the peer's idle timeout is shorter than the gateway's (60 s): Node.js 5 s, gunicorn 2 s, Apache 5 s",
    'nginx 1.29.7 and later keep connections alive without being told',
    'the peer recycles connections (a limit of requests per connection)',
  ],
  remedies: [
    "Make the gateway close first: keepalive_timeout in the upstream block shorter than the peer's idle timeout (or raise the peer's).",
    '"keepalive 0;" in the upstream block switches kept-alive connections off, to prove it.',
    'proxy_next_upstream ... non_idempotent retries POSTs too: only if doing them twice is harmless.',
  ],
  elsewhere: { haproxy: 'SH, or no answer at all', envoy: '503 UC' },
  log: /^connect\(\) failed \(104:/,
  logAs: 'reset-before-response',
  judge,
};

function judge(wire: Wire): Judgement | undefined {
  const { close, exchange } = wire;
  if (!close || !wire.reused || !isUnanswered(wire) || isRead(wire)) return undefined;
  const asked = exchange.request?.start ?? wire.sent;
  if (!asked) return undefined;
  const unread = isUnread(wire) || isUntouched(wire);
  const span = close.at - asked.at;
  if (!unread && span > Math.max(CROSSING_FLOOR, CROSSING_ROUND_TRIPS * (wire.rtt ?? 0))) return undefined;
  const idle = exchange.idle ?? 0;
  return {
    subcause: close.rst ? 'reset' : 'eof',
    confidence: confidenceOf(wire, unread, idle),
    sentence: `${wire.peer} closed the kept-alive connection${idle > 0 ? `, idle for ${duration(idle)},` : ''} just as the gateway used it again.`,
    evidence: [
      ...beginning(wire),
      ...closerEvidence(wire.attempt.witness),
      packet(close, crossing(wire, close, unread)),
    ],
    alternatives: unread
      ? []
      : [
          close.rst
            ? {
                cause: 'reset-before-response',
                why: 'the peer had received the request and may have reset because of it',
              }
            : {
                cause: 'close-before-response',
                why: 'the peer had received the request and may have closed because of it',
              },
        ],
    unseen: processUnseen(wire),
    advice: adviceOf(idle),
  };
}

/** Certain where the peer acknowledged nothing of the request, or read nothing, on a connection whose earlier use was seen. */
function confidenceOf(wire: Wire, unread: boolean, idle: Nanos): 'certain' | 'likely' | 'possible' {
  if (unread) return wire.exchange.connection.midstream || wire.encrypted ? 'likely' : 'certain';
  return idle >= SHORTEST_IDLE_TIMEOUT ? 'likely' : 'possible';
}

function crossing(wire: Wire, close: Close, unread: boolean): string {
  const { request } = wire.exchange;
  const flag = close.rst ? 'RST' : 'FIN';
  const when = request ? ` ${relative(close, request.start, "the request's first octet")}` : '';
  const ignored = isUntouched(wire) ? 'nobody had read the request' : 'the request was never acknowledged';
  return `${flag} from the peer${when}; no response octets${unread ? `; ${ignored}` : ''}`;
}

function adviceOf(idle: Nanos): readonly string[] {
  const seconds = Math.round(idle / SECOND);
  const whose = KNOWN_IDLE_TIMEOUTS[seconds];
  if (whose === undefined || Math.abs(idle - seconds * SECOND) > SECOND / 4) return [];
  return [
    `${duration(idle)} is the default idle timeout of ${whose}: set keepalive_timeout of the upstream block below ${seconds} s, or raise the peer's.`,
  ];
}
