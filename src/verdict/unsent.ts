/** Judges a connect() that failed before a packet was sent: its error is the cause. */
import type { AttemptEnded } from '../model/kernel-event.ts';
import type { CauseFile, Judgement } from './cause-file.ts';
import { errnoText } from './code-names.ts';
import { kernel } from './words.ts';

/** Which cause an error is, by the causes' own lists; `undefined` where the kernel did not tell why. */
export function causeOfError(files: readonly CauseFile[], { errno, ends }: AttemptEnded): CauseFile | undefined {
  const family = ends?.remote.startsWith('unix:') ? 'unix' : 'tcp';
  return files.find(({ connectErrors }) => connectErrors?.[family]?.includes(errno));
}

export function judgeUnsent(file: CauseFile, { process, ends, errno, moment }: AttemptEnded): Judgement {
  const peer = ends?.remote ?? 'its peer';
  return {
    ...(file.cause === 'connect-error-other' && { subcause: String(errno) }),
    confidence: 'certain',
    sentence: `The kernel of the gateway's host refused the connection to ${peer} before a packet was sent: ${errnoText(errno)}.`,
    evidence: [kernel(moment, `${process.name} ${process.id}: connect() to ${peer} failed: ${errnoText(errno)}`)],
  };
}
