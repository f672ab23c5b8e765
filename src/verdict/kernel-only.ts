/**
 * Judges an attempt of which nothing was heard, one that was never sent or a unix socket's, from what the kernel told of its
 * end. Where what was said there is not known, how many octets, and who ended it, has to do.
 */
import type { Cause } from '../model/cause.ts';
import type { Attempt, Incident } from '../model/incident.ts';
import type { AttemptEnded } from '../model/kernel-event.ts';
import { elapsed } from '../model/time.ts';
import type { CauseFile, Judgement } from './cause-file.ts';
import { errnoText } from './code-names.ts';
import { GATEWAY_FIELDS } from './passed-on.ts';
import { storyOf } from './process-story.ts';
import { kernel, octets, packet } from './words.ts';

export interface KernelOnly {
  readonly cause: Cause;
  readonly judgement: Judgement;
}

/** recv() and send() of a connection that the other side has gone from. */
const BROKEN_PIPE = 32;

export function judgeKernelOnly(
  files: readonly CauseFile[],
  incident: Incident,
  attempt: Attempt,
  ending: AttemptEnded,
): KernelOnly | undefined {
  if (ending.neverOpen) return judgeUnsent(files, ending);
  if (!ending.ends?.remote.startsWith('unix:')) return undefined;
  const spoke = incident.kind === 'incident' && ending.received > 0;
  if (spoke && ending.errno === 0 && (!ending.byPeer || isPassedOn(incident))) return judgeAnswered(ending);
  return ending.errno > 0 || ending.byPeer ? judgeEnded(incident, attempt, ending) : undefined;
}

/** The 502 has a field, or a body, that no gateway makes by itself. */
function isPassedOn({ exchange }: Incident): boolean {
  return (exchange.response?.fields ?? []).some(({ name, value }) => {
    const lower = name.toLowerCase();
    return lower === 'content-type' ? !value.startsWith('text/html') : !GATEWAY_FIELDS.has(lower);
  });
}

/** Which cause an error is, by the causes' own lists; `undefined` where the kernel did not tell why. */
function judgeUnsent(
  files: readonly CauseFile[],
  { process, ends, errno, moment }: AttemptEnded,
): KernelOnly | undefined {
  const family = ends?.remote.startsWith('unix:') ? 'unix' : 'tcp';
  const file = files.find(({ connectErrors }) => connectErrors?.[family]?.includes(errno));
  if (!file) return undefined;
  const peer = ends?.remote ?? 'its peer';
  const judgement: Judgement = {
    ...(file.cause === 'connect-error-other' && { subcause: String(errno) }),
    confidence: 'certain',
    sentence: `The kernel of the gateway's host refused the connection to ${peer} before anything was sent: ${errnoText(errno)}.`,
    evidence: [kernel(moment, `${process.name} ${process.id}: connect() to ${peer} failed: ${errnoText(errno)}`)],
  };
  return { cause: file.cause as Cause, judgement };
}

function judgeEnded({ exchange }: Incident, { witness, peer }: Attempt, ending: AttemptEnded): KernelOnly {
  const { errno, received, moment, process } = ending;
  const reset = errno > 0;
  const asked = exchange.request?.end;
  const waited = asked && elapsed(asked, moment);
  const story = storyOf({ witness, peer: peer.text, fastcgi: false, reset, end: moment, waited });
  const how = reset ? errnoText(errno) : 'the peer closed it';
  const sentence = `${peer.text} ${reset ? 'reset' : 'closed'} the connection after ${octets(received)} of a response.`;
  const judgement: Judgement = {
    subcause: story?.subcause ?? '',
    confidence: witness?.closer?.death && received === 0 ? 'certain' : 'likely',
    sentence: story ? `${sentence} ${story.sentence}` : sentence,
    evidence: [
      ...(asked ? [packet(asked, "the client's request is complete")] : []),
      ...(story?.evidence ?? []),
      kernel(
        moment,
        `${process.name} ${process.id}: the connection to ${peer.text} ended: ${how}; ${octets(received)} received`,
      ),
    ],
    unseen: ['what was said on the unix socket: it leaves no packets'],
    ...(story && { advice: story.advice, adviceInstead: story.advice.length > 0 }),
  };
  return { cause: causeOfEnd(errno, received), judgement };
}

function causeOfEnd(errno: number, received: number): Cause {
  if (errno === BROKEN_PIPE && received === 0) return 'reset-during-request';
  if (received > 0) return errno > 0 ? 'reset-in-header' : 'close-in-header';
  return errno > 0 ? 'reset-before-response' : 'close-before-response';
}

/** The peer spoke, nothing ended, and the gateway answered 502 at once. */
function judgeAnswered({ process, ends, received, moment }: AttemptEnded): KernelOnly {
  const peer = ends?.remote ?? '';
  return {
    cause: 'upstream-502',
    judgement: {
      confidence: 'possible',
      sentence: `${peer} answered, and the gateway sent a 502 right after it: most likely the peer's own.`,
      evidence: [kernel(moment, `${process.name} ${process.id} read ${octets(received)} from ${peer}`)],
      alternatives: [
        { cause: 'header-invalid', why: 'the gateway may have refused what the peer said' },
        { cause: 'header-too-big', why: 'the head may not have fitted into its buffer' },
      ],
      unseen: ['what was said on the unix socket: it leaves no packets'],
    },
  };
}
