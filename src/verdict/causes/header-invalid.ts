import type { CauseFile, Judgement } from '../cause-file.ts';
import { beginning, told } from '../story.ts';
import { maybeFault, type Wire } from '../wire-facts.ts';
import { packet, quoted } from '../words.ts';

export const headerInvalid: CauseFile = {
  cause: 'header-invalid',
  section: 'Response refused by the gateway',
  title: 'A header field of the response is malformed',
  meaning:
    'A field line of the response holds an octet that is not allowed there, and the gateway refused the response.',
  recognised: {
    packets: 'a control octet, a NUL, or a blank before the colon in a field line; then the gateway closes',
    kernel: 'recv() returns the octets, then the gateway closes',
    log: 'upstream sent invalid header: "NAME\\x01..." while reading response header from upstream',
  },
  roots: [
    'an application that writes text into a field without encoding it',
    'a script whose output is no HTTP at all',
  ],
  remedies: [
    'Repair the field in the application: encode it, or remove the octet.',
    'curl -v --raw http://PEER/PATH | head shows it.',
  ],
  elsewhere: { haproxy: '502 PH', envoy: '502 UPE' },
  log: /^upstream sent invalid header(?:: "(?<h>.*)")?/,
  judge,
};

function judge(wire: Wire): Judgement | undefined {
  const fault = maybeFault(wire, 'header-line', 'http09');
  if (!fault) return undefined;
  // The parsers break a line exactly where nginx does; an answer without a status line nginx passes on, others do not.
  const line = fault.name === 'header-line';
  return {
    confidence: line ? 'certain' : 'possible',
    sentence: line
      ? `A header field of the response of ${wire.peer} is malformed: ${quoted(fault.sample)}.`
      : `The response of ${wire.peer} does not begin with a status line: ${quoted(fault.sample)}.`,
    evidence: [...beginning(wire), packet(fault.moment, `malformed header: ${quoted(fault.sample)}`), ...told(wire)],
    ...(!line && {
      alternatives: [{ cause: 'not-http', why: 'nginx takes such an answer for HTTP/0.9 and passes it on' } as const],
    }),
  };
}
