import type { CauseFile, Judgement } from '../cause-file.ts';
import { passedOn } from '../passed-on.ts';
import { beginning, told } from '../story.ts';
import type { Wire } from '../wire-facts.ts';
import { packet, relative } from '../words.ts';

export const upstream502: CauseFile = {
  cause: 'upstream-502',
  section: 'Passed on',
  title: 'The peer itself answered 502',
  meaning:
    "The peer's own response was a 502, and the gateway passed it on. The peer is a gateway too (or says so): the cause is one hop further.",
  recognised: {
    packets: "a response with status 502 from the peer, then the same to the gateway's client",
    kernel: 'recv() returns octets that begin with "HTTP/1.1 502" or hold "Status: 502"',
    log: 'no line; $upstream_header_time is a number, $upstream_status is 502',
  },
  roots: [
    'the application is itself a gateway',
    'a load balancer between',
    'an application that answers 502 for a failure of its own',
  ],
  remedies: [
    'Run why502 on the peer (or one hop further): that is where the 502 was made.',
    'proxy_next_upstream ... http_502 tries another peer.',
  ],
  elsewhere: { haproxy: '502 --', envoy: '502 without a flag' },
  judgeAnswer,
};

function judgeAnswer(wire: Wire): Judgement | undefined {
  const { response, request } = wire.exchange;
  if (response?.head === undefined || response.status !== 502) return undefined;
  const same = passedOn(wire);
  const { nextHop } = wire.incident;
  const shown = wire.last && wire.status === 502;
  const unclear = shown && same === 'unclear';
  return {
    confidence: unclear ? 'likely' : 'certain',
    sentence: `${wire.peer} itself answered 502${shown ? ', and the gateway passed it on' : ''}: the cause is one hop further${nextHop === undefined ? '' : ` (${nextHop})`}.`,
    evidence: [
      ...beginning(wire),
      packet(
        response.head,
        `502 from the peer${request?.end ? ` ${relative(response.head, request.end, 'the end of the request')}` : ''}`,
      ),
      ...told(wire),
    ],
    ...(unclear && {
      alternatives: [
        {
          cause: 'upstream-502-intercepted',
          why: 'the two 502s cannot be compared: the gateway may have put its own page in place',
        } as const,
      ],
    }),
    unseen: nextHop === undefined ? ['why the peer answered 502: its own upstream side is not in this capture'] : [],
  };
}
