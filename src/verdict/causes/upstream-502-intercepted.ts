import type { CauseFile, Judgement } from '../cause-file.ts';
import { passedOn } from '../passed-on.ts';
import { beginning, told } from '../story.ts';
import type { Wire } from '../wire-facts.ts';
import { octets, packet } from '../words.ts';

export const upstream502Intercepted: CauseFile = {
  cause: 'upstream-502-intercepted',
  section: 'Passed on',
  title: 'The peer answered 502; the gateway showed its own page',
  meaning:
    "The peer's own response was a 502, and the gateway replaced its page (proxy_intercept_errors with an error_page for 502). The cause is one hop further.",
  recognised: {
    packets: "a response with status 502 from the peer; the 502 to the gateway's client has another body",
    kernel: 'recv() returns octets that begin with "HTTP/1.1 502" or hold "Status: 502"',
    log: 'no line; $upstream_header_time is a number, $upstream_status is 502',
  },
  roots: ['the application is itself a gateway', 'a load balancer between'],
  remedies: [
    'Run why502 on the peer (or one hop further): that is where the 502 was made.',
    "The peer's own page, which the client did not see, may say more.",
  ],
  elsewhere: { haproxy: '502 --', envoy: '502 without a flag' },
  judgeAnswer,
};

function judgeAnswer(wire: Wire): Judgement | undefined {
  const { response } = wire.exchange;
  if (response?.head === undefined || response.status !== 502) return undefined;
  if (!wire.last || wire.status !== 502 || passedOn(wire) !== 'replaced') return undefined;
  const shown = wire.incident.exchange.response;
  return {
    confidence: 'certain',
    sentence: `${wire.peer} itself answered 502, and the gateway showed its own page instead of the peer's: the cause is one hop further.`,
    evidence: [
      ...beginning(wire),
      packet(response.head, `502 from the peer, body of ${octets(response.bodyOctets)}`),
      ...told(wire).map((last) => ({ ...last, text: `${last.text}, body of ${octets(shown?.bodyOctets ?? 0)}` })),
    ],
    unseen:
      wire.incident.nextHop === undefined
        ? ['why the peer answered 502: its own upstream side is not in this capture']
        : [],
  };
}
