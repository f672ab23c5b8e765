import type { CauseFile, Judgement } from '../cause-file.ts';
import { beginning, told } from '../story.ts';
import { maybeFault, type Wire } from '../wire-facts.ts';
import { packet, quoted } from '../words.ts';

const MEANINGS: Readonly<Record<string, string>> = {
  'end-request': 'FCGI_END_REQUEST before any header',
  'empty-stdout': 'an empty FCGI_STDOUT record before any header',
};

export const fastcgiNoHeaders: CauseFile = {
  cause: 'fastcgi-no-headers',
  section: 'Response refused by the gateway',
  title: 'The FastCGI application ended without a header',
  meaning: 'The application ended the request in an orderly way, but had sent no header.',
  recognised: {
    packets: 'FCGI_END_REQUEST, or an empty FCGI_STDOUT, before any header',
    kernel: 'recv() returns such a record, then the gateway closes',
    log: 'upstream sent unexpected FastCGI record: 3; upstream prematurely closed FastCGI stdout while reading response header',
  },
  subcauses: MEANINGS,
  roots: [
    'the application aborted before its first output',
    'it is overloaded (protocolStatus 2) or cannot multiplex (1)',
  ],
  remedies: ["Read the application's own log at that second, and what it wrote to stderr."],
  elsewhere: { haproxy: '502 SH', envoy: '503 UC' },
  log: /^upstream (sent unexpected FastCGI record: 3|prematurely closed FastCGI stdout) while reading response header/,
  judge,
};

/** FCGI_END_REQUEST protocolStatus (FastCGI 1.0, 5.5). */
const PROTOCOL_STATUS = ['', ', cannot multiplex', ', overloaded', ', unknown role'] as const;

function judge(wire: Wire): Judgement | undefined {
  const fault = maybeFault(wire, 'record-unexpected');
  if (!fault) return undefined;
  const meaning = MEANINGS[fault.detail];
  const { stderr, endRequest } = wire.exchange;
  const status = endRequest ? (PROTOCOL_STATUS[endRequest.protocolStatus] ?? '') : '';
  return {
    subcause: meaning === undefined ? '' : fault.detail,
    confidence: 'certain',
    sentence: `The application at ${wire.peer} ended the request without a header${status}.`,
    evidence: [
      ...beginning(wire),
      packet(fault.moment, meaning ?? 'a FastCGI record before any header'),
      ...(endRequest && status !== '' ? [packet(endRequest.moment, `FCGI_END_REQUEST${status}`)] : []),
      ...(stderr === '' ? [] : [packet(fault.moment, `FCGI_STDERR: ${quoted(stderr)}`)]),
      ...told(wire),
    ],
  };
}
