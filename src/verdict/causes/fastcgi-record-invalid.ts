import type { CauseFile, Judgement } from '../cause-file.ts';
import { beginning, told } from '../story.ts';
import { maybeFault, type Wire } from '../wire-facts.ts';
import { packet, quoted } from '../words.ts';

export const fastcgiRecordInvalid: CauseFile = {
  cause: 'fastcgi-record-invalid',
  section: 'Response refused by the gateway',
  title: 'The peer sent a broken FastCGI record',
  meaning: 'A record has a type that no application may send, or belongs to a request that nobody made.',
  recognised: {
    packets: 'a FastCGI record with an unknown type or a foreign request id; then the gateway closes',
    kernel: 'recv() returns such a record, then the gateway closes',
    log: 'upstream sent invalid FastCGI record type: N; upstream sent unexpected FastCGI request id',
  },
  roots: ['a FastCGI server that is broken or multiplexes', 'octets lost or repeated on the way'],
  remedies: ['Check the version of the FastCGI server; switch fastcgi_keep_conn off to see whether it is about reuse.'],
  elsewhere: { haproxy: '502 PH', envoy: '502 UPE' },
  log: /^upstream sent (invalid FastCGI record type|unexpected FastCGI (record: (?!3\b)|request id))/,
  judge,
};

function judge(wire: Wire): Judgement | undefined {
  const fault = maybeFault(wire, 'record-type', 'record-request-id');
  if (!fault) return undefined;
  const what = fault.name === 'record-type' ? 'a type that it may not send' : 'the id of a request that nobody made';
  return {
    confidence: 'certain',
    sentence: `${wire.peer} sent a FastCGI record with ${what}.`,
    evidence: [...beginning(wire), packet(fault.moment, `record with ${what}: ${quoted(fault.sample)}`), ...told(wire)],
  };
}
