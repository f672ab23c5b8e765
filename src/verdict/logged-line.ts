/**
 * What the gateway wrote into its error log about an attempt, or right before it answered: evidence beside a finding. Where it
 * names another cause, a finding is no longer certain; and in place of one that was not, the line names the cause.
 */
import type { Cause } from '../model/cause.ts';
import type { Logged } from '../model/kernel-event.ts';
import { atMost, type Evidence, type Finding } from '../model/verdict.ts';
import type { CauseFile } from './cause-file.ts';
import { causeFileOf, REGISTRY } from './registry.ts';
import { COUNT_UNSEEN, LOG_UNSEEN } from './story.ts';
import { kernel, logText } from './words.ts';

/** The log knows less of who closed, and when, than packets do: it has one message for many of these causes. */
const CLOSED = 'No complete response header';

/** What is seen with it. */
const IN_THE_LOG: ReadonlySet<string> = new Set([LOG_UNSEEN, COUNT_UNSEEN]);

/** What a program said besides: it stands in the log of requests that went well, too. */
const CONTEXT = 'fastcgi-stderr-caught';

export function withLoggedLine(finding: Finding, line: Logged | undefined): Finding {
  if (!line) return finding;
  const told: Finding = {
    ...finding,
    evidence: [...finding.evidence, evidenceOf(line)],
    unseen: finding.unseen.filter((unseen) => !IN_THE_LOG.has(unseen)),
  };
  const [named, ...others] = filesOf(messageOf(line));
  if (!named) return told;
  if (named.cause === finding.cause && others.length === 0) return confirmed(told);
  if ([named, ...others].some((file) => isSame(file, told))) return told;
  if (finding.confidence !== 'certain') return findingOfLine(named, told, line);
  const why = `the gateway's own error log says so: ${logText(messageOf(line))}`;
  return {
    ...told,
    confidence: atMost(told.confidence, 'likely'),
    alternatives: [{ cause: named.cause, why }, ...told.alternatives],
  };
}

/** The gateway says itself what was found, and would have said anything else otherwise. */
function confirmed(finding: Finding): Finding {
  const confidence = finding.confidence === 'possible' ? 'likely' : finding.confidence;
  return { ...finding, confidence, alternatives: [] };
}

/** It says that no peer was left to try. */
export function isOfNoPeer(line: Logged | undefined): boolean {
  return line !== undefined && filesOf(messageOf(line))[0]?.cause === 'no-live-upstreams';
}

/** The finding that the line itself makes, in place of one that was not certain. */
export function findingOfLine(file: CauseFile, guess: Finding, line: Logged): Finding {
  return {
    ...guess,
    cause: file.cause,
    subcause: '',
    confidence: 'likely',
    sentence: `The gateway's own error log names the cause: ${logText(messageOf(line))}.`,
    alternatives:
      guess.cause === 'unknown' ? [] : [{ cause: guess.cause, why: 'what else was seen would fit it, too' }],
    advice: file.remedies,
  };
}

/** Those whose line this may be, the one that is asked first in front; none where it says nothing about a failure. */
function filesOf(message: string): readonly CauseFile[] {
  const named = REGISTRY.find(({ cause, log }) => cause !== CONTEXT && log?.test(message));
  if (!named) return [];
  return [named, ...REGISTRY.filter(({ logAs }) => logAs === (named.cause as Cause))];
}

function isSame(file: CauseFile, { cause }: Finding): boolean {
  return file.cause === cause || (file.section === CLOSED && causeFileOf(cause).section === CLOSED);
}

/** Without what nginx says of the request behind it: that is known, and what ties the line to it. */
function messageOf({ line }: Logged): string {
  const end = line.search(/, client: /);
  return end < 0 ? line : line.slice(0, end);
}

function evidenceOf(line: Logged): Evidence {
  return kernel(line.moment, `${line.process.name} ${line.process.id} logged: ${logText(messageOf(line))}`);
}
