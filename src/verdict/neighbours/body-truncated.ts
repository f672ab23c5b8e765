import type { CauseFile, Judgement } from '../cause-file.ts';
import { beginning, processUnseen } from '../story.ts';
import type { Wire } from '../wire-facts.ts';
import { octets, packet } from '../words.ts';

export const bodyTruncated: CauseFile = {
  cause: 'body-truncated',
  section: 'Neighbours: not a 502',
  title: 'The response broke off in its body',
  meaning:
    "The peer's header had already been passed on when the body broke off: the client got the status, a short body and a closed connection. A CDN in front may turn that into a 502.",
  recognised: {
    packets: 'a complete response head, then FIN or RST before the end of the body',
    kernel: 'recv() or readv() gives 0 or -104 in the body',
    log: 'upstream prematurely closed connection while reading upstream; readv() failed (104: ...) while reading upstream',
  },
  roots: ['a worker killed while it wrote', 'a Content-Length that promises too much'],
  remedies: ["Read the peer's log at that second.", 'Compare Content-Length with what the application really writes.'],
  elsewhere: { haproxy: '200 SD', envoy: '200 UC' },
  log: /^(?:upstream prematurely closed (?:connection|FastCGI (?:stdout|request))|(?:readv|recv|SSL_read)\(\) failed .*|upstream sent invalid chunked response) while (?:reading upstream|sending to client)/,
  judgeAnswer,
};

function judgeAnswer(wire: Wire): Judgement | undefined {
  const { response } = wire.exchange;
  const { close } = wire;
  if (response?.head === undefined || response.how !== 'cut' || !close) return undefined;
  return {
    confidence: 'certain',
    sentence: `${wire.peer} answered ${response.status} and broke off in the body, after ${octets(response.bodyOctets)} of it.`,
    evidence: [
      ...beginning(wire),
      packet(response.head, `${response.status} from the peer`),
      packet(close, `${close.rst ? 'RST' : 'FIN'} from the peer before the end of the body`),
    ],
    unseen: processUnseen(wire),
  };
}
