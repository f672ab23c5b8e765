import type { CauseFile, Judgement } from '../cause-file.ts';
import { beginning, told } from '../story.ts';
import { isEarlyHints, maybeFault, type Wire } from '../wire-facts.ts';
import { packet } from '../words.ts';

export const earlyHintsInvalid: CauseFile = {
  cause: 'early-hints-invalid',
  section: 'Response refused by the gateway',
  title: 'Early hints in an HTTP/1.0 response',
  meaning: 'The peer sent 103 (Early Hints) in HTTP/1.0, which knows no interim responses.',
  recognised: {
    packets: 'HTTP/1.0 103 as the first line of the response; then the gateway closes',
    kernel: 'recv() returns the octets, then the gateway closes',
    log: 'upstream sent HTTP/1.0 response with early hints while reading response header from upstream',
  },
  roots: ['an application that sends 103 to a client of HTTP/1.0 (proxy_http_version is 1.0 before nginx 1.29.7)'],
  remedies: ['proxy_http_version 1.1; or switch early hints off in the application.'],
  elsewhere: { haproxy: '502 PH', envoy: '502 UPE' },
  log: /^upstream sent HTTP\/1\.0 response with early hints/,
  judge,
};

function judge(wire: Wire): Judgement | undefined {
  const fault = maybeFault(wire, 'status');
  if (!fault || !isEarlyHints(fault)) return undefined;
  return {
    confidence: 'certain',
    sentence: `${wire.peer} sent 103 (Early Hints) in HTTP/1.0, and the gateway refused the response.`,
    evidence: [...beginning(wire), packet(fault.moment, '103 in an HTTP/1.0 response'), ...told(wire)],
  };
}
