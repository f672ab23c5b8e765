import type { CauseFile, Judgement } from '../cause-file.ts';
import { beginning } from '../story.ts';
import { maybeFault, type Wire } from '../wire-facts.ts';
import { packet, quoted } from '../words.ts';

export const notHttp: CauseFile = {
  cause: 'not-http',
  section: 'Neighbours: not a 502',
  title: 'The peer answered something that is not HTTP/1',
  meaning:
    'The answer has no status line. nginx takes it for HTTP/0.9 and passes the octets on as they are (status 009 in its access log): the client cannot read them either.',
  recognised: {
    packets: 'an answer that does not begin with "HTTP/", and the same octets to the client',
    kernel: 'recv() returns such octets, they are written to the client',
    log: 'upstream sent no valid HTTP/1.0 header while reading response header from upstream',
  },
  roots: ['proxy_pass to a port of another protocol (TLS, HTTP/2, a binary one)'],
  remedies: ['Find out what listens there: the scheme or the port in proxy_pass is wrong.'],
  elsewhere: { haproxy: '502 PH', envoy: '502 UPE' },
  log: /^upstream sent no valid HTTP\/1\.0 header/,
  judge,
  judgeAnswer: judge,
};

function judge(wire: Wire): Judgement | undefined {
  const fault = maybeFault(wire, 'http09', 'other-protocol');
  if (!fault || wire.exchange.protocol !== 'http/1' || wire.status === 502) return undefined;
  return {
    confidence: 'likely',
    sentence: `The answer of ${wire.peer} is not HTTP/1: it begins with ${quoted(fault.sample)}.`,
    evidence: [...beginning(wire), packet(fault.moment, `the answer begins with ${quoted(fault.sample)}`)],
  };
}
