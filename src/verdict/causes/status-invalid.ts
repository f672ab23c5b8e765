import type { CauseFile, Judgement } from '../cause-file.ts';
import { beginning, told } from '../story.ts';
import { isEarlyHints, maybeFault, type Wire } from '../wire-facts.ts';
import { packet, quoted } from '../words.ts';

export const statusInvalid: CauseFile = {
  cause: 'status-invalid',
  section: 'Response refused by the gateway',
  title: 'The status of the response is no number of three digits',
  meaning:
    'The Status field of a FastCGI, uwsgi or SCGI response (or the status line) does not begin with three digits.',
  recognised: {
    packets: 'a response head whose status is not three digits; then the gateway closes',
    kernel: 'recv() returns the octets, then the gateway closes',
    log: 'upstream sent invalid status "X" while reading response header from upstream',
  },
  roots: ['a script that writes "Status:" by hand'],
  remedies: ['Let the script write "Status: 200 OK", or http_response_code(200).'],
  elsewhere: { haproxy: '502 PH', envoy: '502 UPE' },
  log: /^upstream sent invalid status/,
  judge,
};

function judge(wire: Wire): Judgement | undefined {
  const fault = maybeFault(wire, 'status');
  if (!fault || isEarlyHints(fault) || wire.exchange.protocol === 'http/2') return undefined;
  return {
    confidence: 'certain',
    sentence: `The response of ${wire.peer} has no valid status: ${quoted(fault.sample)}.`,
    evidence: [...beginning(wire), packet(fault.moment, `invalid status: ${quoted(fault.sample)}`), ...told(wire)],
  };
}
