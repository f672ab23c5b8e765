/** The fault of octets whose first is no FastCGI version (nginx: "upstream sent unsupported FastCGI protocol version"). */
import type { ForeignSample } from '../cgi-foreign.ts';
import type { FaultWords } from '../cgi-messages.ts';

export function foreignFault(sample: ForeignSample, offset: number): FaultWords {
  const text = `version ${sample.first} where FastCGI has 1`;
  const known = sample.name !== 'unknown';
  const name = known ? 'other-protocol' : 'record-version';
  return { name, detail: known ? sample.name : '', sample: sample.text, offset, text };
}
