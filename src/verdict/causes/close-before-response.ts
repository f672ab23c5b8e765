import { MILLISECOND, SECOND } from '../../model/time.ts';
import type { Alternative, Confidence } from '../../model/verdict.ts';
import type { CauseFile, Judgement } from '../cause-file.ts';
import { type ProcessStory, processStory, unseenProcess } from '../process-story.ts';
import { beginning, closeText, closeWhen } from '../story.ts';
import { isUnanswered, peerAlerts, type Wire } from '../wire-facts.ts';
import { maybeLimit, packet } from '../words.ts';

/** A server that cannot parse its first octets closes before this, even on a busy machine. */
const MISMATCH_BY = 100 * MILLISECOND;
/** So long may a peer stand still, out of memory or stopped, before it closes a connection for idling that has a request in it. */
const STOOD_STILL = 5 * SECOND;

export const closeBeforeResponse: CauseFile = {
  cause: 'close-before-response',
  section: 'No complete response header',
  title: 'The peer closed the connection without a response',
  meaning:
    'The peer read the request and closed the connection, without one octet of a response. That is how a killed worker of gunicorn, uWSGI or Node looks, and a server that closes on purpose.',
  recognised: {
    packets: 'the request, then FIN (a RST may follow), no response octets',
    kernel: "recv() gives 0; the exit or the close() of the peer's process tells the subcause",
    log: 'upstream prematurely closed connection while reading response header from upstream, with 0 octets received',
  },
  subcauses: {
    'worker-killed': 'the worker died of a signal (+oom: the kernel took it for want of memory)',
    'worker-timeout-kill': 'its master killed it for a time limit',
    'service-stopping': 'the service stopped or reloaded',
    'app-closed': 'a living process closed',
    'descriptors-exhausted': 'whoever listens there had no file descriptor left to accept with',
  },
  roots: [
    'a worker killed: harakiri, WORKER TIMEOUT, out of memory, crash',
    'the application closed the connection on purpose',
    'the port speaks another protocol (uwsgi, PROXY protocol)',
  ],
  remedies: [
    'Read the peer\'s log at that second ("HARAKIRI", "WORKER TIMEOUT", "Killed"), and dmesg for the OOM killer.',
    'If every such close comes after the same time, it is a time limit: raise it, or find the slow call.',
    'If it happens on every request: check that *_pass and the port agree on the protocol.',
  ],
  elsewhere: { haproxy: '502 SH', envoy: '503 UC' },
  log: /^upstream prematurely closed connection while reading response header/,
  judge,
};

function judge(wire: Wire): Judgement | undefined {
  const { close, waited } = wire;
  if (!close || close.rst || !isUnanswered(wire)) return undefined;
  const story = processStory(wire);
  const alternatives = alternativesOf(wire, story);
  const limit = waited === undefined ? undefined : maybeLimit(waited);
  const sentence = `${wire.peer} closed the connection ${closeWhen(wire, close)}, without one octet of a response.`;
  return {
    subcause: story?.subcause ?? '',
    confidence: confidenceOf(wire, alternatives),
    sentence: story ? `${sentence} ${story.sentence}` : sentence,
    evidence: [...beginning(wire), ...(story?.evidence ?? []), packet(close, closeText(wire, close))],
    alternatives,
    unseen: unseenProcess(wire),
    advice: story
      ? story.advice
      : limit === undefined
        ? []
        : [
            `The close came ${limit} s after the request, as a time limit of ${limit} s would: harakiri, gunicorn --timeout, an idle timeout.`,
          ],
    adviceInstead: story !== undefined && story.advice.length > 0,
  };
}

/**
 * On a connection used before, a close soon after the request may as well be a lost race; a peer that stood still meanwhile
 * loses it late.
 */
function confidenceOf(wire: Wire, alternatives: readonly Alternative[]): Confidence {
  if (wire.attempt.witness?.closer?.death) return 'certain';
  if (wire.reused && (wire.waited ?? 0) <= MISMATCH_BY) return 'possible';
  return wire.encrypted || alternatives.length > 0 ? 'likely' : 'certain';
}

function alternativesOf(wire: Wire, story: ProcessStory | undefined): readonly Alternative[] {
  const { exchange, waited } = wire;
  // Who died, or was told to, did not close for what it had read.
  if (story && wire.attempt.witness?.closer?.death) return [];
  const alternatives: Alternative[] = [];
  const soon = (waited ?? 0) <= MISMATCH_BY;
  if (exchange.clientOctets > 0 && !wire.requestWhole) {
    alternatives.push({
      cause: 'reset-during-request',
      why: 'the request was still being sent: the next write fails as well',
    });
  }
  if (peerAlerts(wire).length > 0) {
    alternatives.push({
      cause: 'tls-alert-after-handshake',
      why: 'the encrypted alert before the close may be more than a goodbye',
    });
  }
  if (exchange.clientOctets === 0) {
    alternatives.push({
      cause: 'tls-handshake-closed',
      why: 'the gateway had said nothing yet: it may have been about to speak TLS',
    });
  }
  if (exchange.protocol === 'http/1' && exchange.nth <= 1 && soon && story?.subcause !== 'descriptors-exhausted') {
    alternatives.push({
      cause: 'protocol-mismatch',
      why: 'a server of another protocol (uWSGI, for one) closes on an HTTP request at once',
    });
  }
  if (wire.reused && (waited ?? 0) <= STOOD_STILL) {
    const late = soon ? 'was closed soon' : 'may have been closed for idling by a peer that stood still';
    alternatives.push({ cause: 'stale-keepalive', why: `the connection had been used before and ${late}` });
  }
  return alternatives;
}
