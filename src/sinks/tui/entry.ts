/** One line of the list: an incident, or a failure that a retry hid, as the UI keeps it. */
import type { Exchange } from '../../model/exchange.ts';
import type { Nanos } from '../../model/time.ts';
import type { Confidence, Verdict } from '../../model/verdict.ts';
import { answeredAt } from '../document.ts';
import { safeText } from '../safe-text.ts';
import type { Mask } from '../secrets.ts';
import { blamedAttempt } from '../tally.ts';
import { CAUSE_WORDS, type Culprit, subcauseWords } from './cause-words.ts';
import { processText } from './peers.ts';

/** Characters of one field that are searched and shown: a target may be a thousand times longer than a screen is wide. */
const TEXT_LIMIT = 512;

export interface Entry {
  /** Counted from 1 in order of arrival; the entry's identity on screen. */
  readonly number: number;
  readonly exchange: Exchange;
  /** `undefined` until a first verdict can be given. */
  verdict: Verdict | undefined;
  /** The verdict may still change. */
  provisional: boolean;
  /** Made once it is looked at, thrown away when the verdict changes. */
  words: EntryWords | undefined;
}

/** The entry in words: safe to print, secrets masked. */
export interface EntryWords {
  readonly at: Nanos;
  readonly method: string;
  readonly target: string;
  readonly host: string;
  readonly client: string;
  readonly peer: string;
  readonly cause: string;
  readonly subcause: string;
  /** `stale keep-alive`, `, after refused`: what the verdict is comes first; a line shows as many as it has room for. */
  readonly parts: readonly string[];
  readonly by: Culprit;
  /** Whose doing it was, where the kernel told; empty where it did not. */
  readonly process: string;
  readonly confidence: Confidence | '';
  readonly attempts: number;
  readonly status: number;
  readonly hidden: boolean;
}

export const WORKED_OUT = 'being worked out';

export function wordsOf(entry: Entry, mask: Mask): EntryWords {
  entry.words ??= makeWords(entry, mask);
  return entry.words;
}

function makeWords({ exchange, verdict }: Entry, mask: Mask): EntryWords {
  const { request, response, client, start } = exchange;
  const shown = (text: string): string => safeText(mask.text(text.slice(0, TEXT_LIMIT)));
  const common = {
    method: request ? shown(request.method) : '',
    target: request ? safeText(mask.target(request.target.slice(0, TEXT_LIMIT))) : '(request not in the capture)',
    host: request ? shown(request.host) : '',
    client: client.text,
    status: response?.status ?? 0,
  };
  if (!verdict) {
    const at = (response?.head ?? response?.start ?? start).at;
    return {
      ...common,
      at,
      peer: '',
      cause: '',
      subcause: '',
      parts: [WORKED_OUT],
      by: '?',
      process: '',
      confidence: '',
      attempts: 0,
      hidden: false,
    };
  }
  const { finding, attempts, incident } = verdict;
  const blamed = blamedAttempt(verdict);
  const process = blamed?.attempt.witness?.closer?.process;
  return {
    ...common,
    at: answeredAt(exchange, incident.settled).at,
    peer: (blamed ?? attempts.at(-1))?.attempt.peer.text ?? '',
    cause: finding.cause,
    subcause: shown(finding.subcause),
    parts: partsOf(verdict, shown),
    by: CAUSE_WORDS[finding.cause].by,
    process: process ? shown(processText(process)) : '',
    confidence: finding.confidence,
    attempts: attempts.length,
    hidden: incident.kind === 'masked',
  };
}

/** Earlier failures named in a line; the rest is a number. */
const NAMED = 2;

function partsOf({ finding, attempts }: Verdict, shown: (text: string) => string): string[] {
  const { words } = CAUSE_WORDS[finding.cause];
  const subcause = shown(subcauseWords(finding.subcause));
  const failed = attempts.flatMap((judged) => (judged.finding ? [judged.finding] : []));
  // The verdict may be less sure than its attempt is: not the same finding, but of the same cause.
  const decisive = failed.findLastIndex(({ cause }) => cause === finding.cause);
  const before = new Map<string, number>();
  for (const [at, earlier] of failed.entries()) {
    if (at === decisive) continue;
    const said = CAUSE_WORDS[earlier.cause].words;
    before.set(said, (before.get(said) ?? 0) + 1);
  }
  // Of what is not known the reason says more.
  const own = finding.cause === 'unknown' && subcause !== '' ? [subcause, ': not known'] : [words];
  const withSubcause = subcause === '' || own.length > 1 ? own : [words, `: ${subcause}`];
  if (before.size === 0) return withSubcause;
  const named = [...before].slice(0, NAMED).map(([said, count]) => (count > 1 ? `${count}x ${said}` : said));
  const more = before.size - named.length;
  const after = [...named, ...(more > 0 ? [`${more} more`] : [])];
  // That nobody was left is told by what failed before it.
  const lead = decisive >= 0 ? withSubcause : [words];
  return [...lead, ...after.map((said, at) => (at === 0 ? `, after ${said}` : `, ${said}`))];
}
