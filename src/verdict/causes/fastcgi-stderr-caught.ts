import type { CauseFile, Judgement } from '../cause-file.ts';
import { beginning, told } from '../story.ts';
import type { Wire } from '../wire-facts.ts';
import { packet, quoted } from '../words.ts';

export const fastcgiStderrCaught: CauseFile = {
  cause: 'fastcgi-stderr-caught',
  section: 'Response refused by the gateway',
  title: "fastcgi_catch_stderr matched the application's stderr",
  meaning:
    'The application answered, but what it wrote to stderr matched fastcgi_catch_stderr, which makes the response a failure. Without that directive stderr is harmless.',
  recognised: {
    packets: 'FCGI_STDERR and a valid response, yet a 502 to the client',
    kernel: 'recv() returns the records, then the gateway closes',
    log: 'FastCGI sent in stderr: "..." as the last line of that request',
  },
  roots: ['fastcgi_catch_stderr "PHP Fatal error"'],
  remedies: ['Repair what the application complains about; nginx -T | grep fastcgi_catch_stderr shows the pattern.'],
  // A line of its own is a cause only as the last one of a request that ended in a 502 (causes 5.5).
  log: /^FastCGI sent in stderr:/,
  judge,
};

function judge(wire: Wire): Judgement | undefined {
  const { stderr, response, protocol } = wire.exchange;
  if (!wire.dropped || protocol !== 'fastcgi' || stderr === '' || !response?.head) return undefined;
  return {
    confidence: 'possible',
    sentence: `${wire.peer} answered ${response.status}, but wrote to stderr, and the gateway sent a 502: fastcgi_catch_stderr may have matched.`,
    evidence: [
      ...beginning(wire),
      packet(response.head, `${response.status} from the peer; FCGI_STDERR: ${quoted(stderr)}`),
      ...told(wire),
    ],
    alternatives: [{ cause: 'header-too-big', why: 'stderr takes room from the buffer of the header' }],
    unseen: ["the gateway's fastcgi_catch_stderr patterns"],
  };
}
