import { MILLISECOND, SECOND } from '../../model/time.ts';
import type { Alternative, Confidence } from '../../model/verdict.ts';
import { type CauseFile, type Judgement, RECORD_WITH_KERNEL } from '../cause-file.ts';
import { type ProcessStory, processStory, unseenProcess, whoReset } from '../process-story.ts';
import { beginning, closeText, closeWhen, foreignRst } from '../story.ts';
import { isForeignRst, isRead, isUnanswered, type Wire } from '../wire-facts.ts';
import { maybeLimit, packet } from '../words.ts';

/** Quicker than any work: the request was turned away, not processed (allowed_clients resets after 30 us, causes 2.2). */
const AT_ONCE = MILLISECOND;
/** A server that cannot parse its first octets closes before this, even on a busy machine. */
const MISMATCH_BY = 100 * MILLISECOND;
/** So long may a peer stand still, out of memory or stopped, before it closes a connection for idling that has a request in it. */
const STOOD_STILL = 5 * SECOND;

export const resetBeforeResponse: CauseFile = {
  cause: 'reset-before-response',
  section: 'No complete response header',
  title: 'The peer reset the connection without a response',
  meaning:
    'The peer took the request and then reset the connection, without one octet of a response. On Linux a RST says that the peer closed while input was unread; with PHP-FPM that is how every death of a worker looks.',
  recognised: {
    packets: 'the request, then RST, no response octets; packets alone do not tell the subcauses apart',
    kernel: "recv() gives -104; the exit, the signal or the close() of the peer's process tells the subcause",
    log: 'recv() failed (104: Connection reset by peer) while reading response header from upstream',
  },
  subcauses: {
    'worker-killed': 'the worker died of a signal (+oom: the kernel took it for want of memory)',
    'worker-timeout-kill': 'its master killed it for a time limit',
    'service-stopping': 'the service stopped or reloaded',
    'closed-unread': 'a living process closed without reading it all',
    'queued-at-stop': 'it was never accepted: the listener went away',
    'linger-abort': 'the process asked for a RST (SO_LINGER 0)',
    middlebox: "the peer's host sent no RST",
    'descriptors-exhausted': 'whoever listens there had no file descriptor left to accept with',
  },
  roots: [
    'a worker killed: out of memory, crash, deploy',
    'a time limit: request_terminate_timeout, harakiri, gunicorn --timeout',
    'a reload or stop with requests under way',
    "a peer that drops this client: PHP-FPM's listen.allowed_clients",
  ],
  remedies: [
    'Read the peer\'s log at that second (FPM: "exited on signal", "execution timed out"), and dmesg for the OOM killer.',
    'If every such reset comes after the same time, it is a time limit: raise it, or find the slow call.',
    RECORD_WITH_KERNEL,
  ],
  elsewhere: { haproxy: '502 SH', envoy: '503 UC' },
  log: /^recv\(\) failed \(104: Connection reset by peer\) while reading response header/,
  judge,
};

function judge(wire: Wire): Judgement | undefined {
  const { close } = wire;
  if (!close?.rst || !isUnanswered(wire)) return undefined;
  const story = processStory(wire);
  const alternatives = alternativesOf(wire, story);
  const sentence = `${whoReset(wire, story)} ${closeWhen(wire, close)}, without one octet of a response.`;
  const unread = !story && wire.attempt.witness && wire.exchange.connection.transport === 'unix';
  return {
    subcause: story?.subcause ?? '',
    confidence: confidenceOf(wire, alternatives),
    // On a unix socket that is what makes a close a reset.
    sentence: [sentence, story?.sentence ?? (unread ? 'Nobody there was seen to read the request.' : '')]
      .join(' ')
      .trim(),
    evidence: [...beginning(wire), ...(story?.evidence ?? []), packet(close, closeText(wire, close))],
    alternatives,
    unseen: [...foreignRst(wire), ...unseenProcess(wire)],
    advice: story?.advice ?? adviceOf(wire),
    adviceInstead: story !== undefined && story.advice.length > 0,
  };
}

/**
 * On a connection used before, a close soon after the request may as well be a lost race; a peer that stood still meanwhile
 * loses it late.
 */
function confidenceOf(wire: Wire, alternatives: readonly Alternative[]): Confidence {
  if (wire.attempt.witness?.closer?.death) return 'certain';
  if (wire.reused && !isRead(wire) && (wire.waited ?? 0) <= MISMATCH_BY) return 'possible';
  return wire.encrypted || alternatives.length > 0 ? 'likely' : 'certain';
}

/** Whoever reset it had not looked at the request. */
function isSettled(story: ProcessStory | undefined): boolean {
  return story?.subcause === 'middlebox' || story?.subcause === 'descriptors-exhausted';
}

function alternativesOf(wire: Wire, story: ProcessStory | undefined): readonly Alternative[] {
  const { exchange, waited } = wire;
  // Who died, or was told to, did not reset for what it had read.
  if (story && wire.attempt.witness?.closer?.death) return [];
  const alternatives: Alternative[] = [];
  const cgi = exchange.protocol === 'fastcgi' || exchange.protocol === 'uwsgi' || exchange.protocol === 'scgi';
  const understood = isSettled(story) || cgi || exchange.nth > 1 || exchange.serverOctets > 0;
  if (!understood && exchange.clientOctets > 0 && (waited ?? 0) <= MISMATCH_BY) {
    alternatives.push({
      cause: 'protocol-mismatch',
      why: 'a server of another protocol (PHP-FPM, for one) resets an HTTP request at once',
    });
  }
  if (exchange.clientOctets === 0) {
    alternatives.push({
      cause: 'tls-handshake-closed',
      why: 'the gateway had said nothing yet: it may have been about to speak TLS',
    });
  }
  if (wire.reused && !isRead(wire) && (waited ?? 0) <= STOOD_STILL) {
    const late =
      (waited ?? 0) <= MISMATCH_BY ? 'was reset soon' : 'may have been closed for idling by a peer that stood still';
    alternatives.push({ cause: 'stale-keepalive', why: `the connection had been used before and ${late}` });
  }
  return alternatives;
}

function adviceOf(wire: Wire): readonly string[] {
  const { waited, exchange } = wire;
  if (waited === undefined) return [];
  const limit = maybeLimit(waited);
  if (isForeignRst(wire))
    return ['The RST has a foreign TTL: look at firewalls and load balancers between the gateway and the peer.'];
  if (limit !== undefined) {
    return [
      `The reset came ${limit} s after the request, as a time limit of ${limit} s would: request_terminate_timeout, harakiri, --timeout.`,
    ];
  }
  if (waited > AT_ONCE) return [];
  return exchange.protocol === 'fastcgi'
    ? ["The reset came at once: compare PHP-FPM's listen.allowed_clients with the gateway's address."]
    : [
        'The reset came at once: check that the port speaks the protocol of the *_pass directive, and filters of client addresses.',
      ];
}
