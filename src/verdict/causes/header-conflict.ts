import type { CauseFile, Judgement } from '../cause-file.ts';
import { beginning, told } from '../story.ts';
import { maybeFault, type Wire } from '../wire-facts.ts';
import { packet, quoted } from '../words.ts';

/** What the parsers call it, and the subcause. */
const SUBCAUSES: Readonly<Record<string, string>> = {
  dup: 'dup',
  duplicate: 'dup',
  'cl-te': 'cl-te',
  'bad-cl': 'bad-cl',
  'bad-te': 'bad-te',
};

const MEANINGS: Readonly<Record<string, string>> = {
  dup: 'Content-Length or Transfer-Encoding twice',
  'cl-te': 'Content-Length and Transfer-Encoding at the same time',
  'bad-cl': 'a Content-Length that is no number',
  'bad-te': 'an unknown Transfer-Encoding',
};

export const headerConflict: CauseFile = {
  cause: 'header-conflict',
  section: 'Response refused by the gateway',
  title: "The response's length fields contradict each other",
  meaning:
    'Content-Length and Transfer-Encoding are given twice, together, or with a bad value. nginx 1.23.0 and later refuse that (it can hide a second response); older ones let it pass.',
  recognised: {
    packets: 'two length fields, or a bad one, in a complete response head; then the gateway closes',
    kernel: 'recv() returns the octets, then the gateway closes',
    log: 'upstream sent duplicate header line, invalid "Content-Length", unknown "Transfer-Encoding", or both at the same time',
  },
  subcauses: MEANINGS,
  roots: ['the application and its framework both set the length', 'the gateway was upgraded to 1.23.0 or later'],
  remedies: ['Let one place set the length: remove the field that the application sets by hand.'],
  elsewhere: { haproxy: '502 PH', envoy: '502 UPE' },
  log: /^upstream sent (duplicate header line|"Content-Length" and "Transfer-Encoding"|invalid "Content-Length"|unknown "Transfer-Encoding")/,
  judge,
};

function judge(wire: Wire): Judgement | undefined {
  const fault = maybeFault(wire, 'header-conflict');
  if (!fault) return undefined;
  const subcause = SUBCAUSES[fault.detail] ?? '';
  const ended = wire.exchange.response?.head !== undefined || wire.gatewayClose !== undefined;
  const meaning = MEANINGS[subcause] ?? 'contradicting length fields';
  return {
    subcause,
    confidence: ended ? 'certain' : 'likely',
    sentence: `The response of ${wire.peer} has ${meaning}; the gateway refused it.`,
    evidence: [
      ...beginning(wire),
      packet(fault.moment, `${meaning}${fault.sample === '' ? '' : `: ${quoted(fault.sample)}`}`),
      ...told(wire),
    ],
    ...(!ended && {
      alternatives: [
        {
          cause: wire.close?.rst ? 'reset-in-header' : 'close-in-header',
          why: 'the header was never complete: a gateway that tolerates the fields fails on that',
        } as const,
      ],
    }),
  };
}
