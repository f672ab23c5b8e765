/** One incident: its ladder, what it means, what proves it, what to do; or its octets. */
import type { Evidence, Verdict } from '../../model/verdict.ts';
import { evidenceRef, ownEvidence } from '../document.ts';
import { safeText } from '../safe-text.ts';
import { plural } from '../text/words.ts';
import { millisText } from '../time-text.ts';
import { momentText } from './clock.ts';
import type { Entry } from './entry.ts';
import { BLANK, type Line, line, type Pane, paragraph, type Role, span, wrapped } from './frame.ts';
import { ladderOf } from './ladder.ts';
import { ladderLines } from './ladder-lines.ts';
import { octetLines } from './octets.ts';
import { attemptShown, entryWords, type Scene, selectedEntry } from './scene.ts';
import { textPane, wholeScreen } from './text-pane.ts';

/** Wider than this a line of prose is no longer read with ease. */
const PROSE = 116;

export function storyPanes(scene: Scene): Pane[] {
  const { ui } = scene;
  const entry = selectedEntry(scene);
  const pane = { at: wholeScreen(ui), scroll: ui.scroll, focused: true };
  if (!entry) {
    const lines = [BLANK, ...paragraph('This incident is no longer kept: too many came after it.', ui.cols - 2)];
    return [textPane({ ...pane, title: 'story', lines })];
  }
  const words = entryWords(scene, entry);
  const title = `${entry.verdict?.incident.id ?? '502'}  ${momentText(scene.clock, words.at)}  ${words.method} ${words.target}`;
  return [textPane({ ...pane, title, lines: storyText(scene, entry) })];
}

/** All lines of the story, before they are scrolled. */
export function storyText(scene: Scene, entry: Entry): Line[] {
  const { ui } = scene;
  const width = ui.cols - 2;
  const { verdict } = entry;
  const words = entryWords(scene, entry);
  if (!verdict) {
    return [BLANK, ...paragraph(`${words.status} to ${words.client}. Its attempts are being worked out.`, width)];
  }
  if (ui.octets) return octetLines(verdict, attemptShown(scene, verdict), scene.book.mask, width);
  const { exchange, gateway } = verdict.incident;
  const origin = (exchange.request?.end ?? exchange.request?.head ?? exchange.start).at;
  const text = (wire: string): string => wireText(wire, scene);
  const ladder = ladderLines(ladderOf(verdict), {
    width,
    origin,
    attempt: attemptShown(scene, verdict),
    client: exchange.client.text,
    gateway: gateway.text,
    text,
  });
  return [
    verdictLine(verdict, entry, attemptShown(scene, verdict)),
    BLANK,
    ...ladder,
    BLANK,
    ...meaningLines(scene, verdict, width),
    BLANK,
    ...groundsLines(scene, verdict, width),
  ];
}

function wireText(text: string, { book }: Pick<Scene, 'book'>): string {
  return safeText(book.mask.text(text));
}

const SURE: Readonly<Record<string, Role>> = { certain: 'good', likely: 'plain', possible: 'quiet' };

function verdictLine({ finding, incident, attempts }: Verdict, entry: Entry, shown: number): Line {
  const hidden =
    incident.kind === 'masked' ? `   hidden: the client got ${incident.exchange.response?.status || 'no status'}` : '';
  return line(
    span(` ${finding.cause}`, 'bad'),
    span(finding.subcause === '' ? '' : ` (${safeText(finding.subcause)})`, 'bad'),
    span(`   ${entry.provisional ? 'so far: ' : ''}${finding.confidence}`, SURE[finding.confidence] ?? 'plain'),
    span(
      `   ${attempts.length > 1 ? `attempt ${shown + 1} of ${attempts.length}` : plural(attempts.length, 'attempt')}`,
      'quiet',
    ),
    span(hidden, 'warn'),
  );
}

/** Prose with what it is about before it, in lines of at most `columns`. */
function prose(columns: number, lead: string, text: string, role: Role = 'plain'): Line[] {
  return wrapped(lead === '' ? text : `${lead} ${text}`, columns - 2).map((part, at) => {
    if (at > 0 || lead === '') return line(span(`${at === 0 ? ' ' : '   '}${part}`, role));
    return line(span(` ${part.slice(0, lead.length)}`, 'title'), span(part.slice(lead.length), role));
  });
}

/** The verdict in words, and what to do. */
export function meaningLines(scene: Scene, verdict: Verdict, width: number): Line[] {
  const { finding, incident, rootChain } = verdict;
  const columns = Math.min(PROSE, width - 2);
  return [
    ...prose(columns, '', wireText(finding.sentence, scene)),
    ...(rootChain.length > 0 ? prose(columns, 'Led here by:', rootChain.join(', ')) : []),
    ...(incident.nextHop
      ? prose(columns, 'Behind it:', `${incident.nextHop}, the same request at the next gateway`)
      : []),
    ...finding.advice.flatMap((advice, at) =>
      prose(columns, at === 0 ? 'Do first:' : 'Then:', wireText(advice, scene)),
    ),
  ];
}

/** What proves it, what else it could be, what could not be seen. */
function groundsLines(scene: Scene, verdict: Verdict, width: number): Line[] {
  const { finding, incident } = verdict;
  const columns = Math.min(PROSE, width - 2);
  const unseen = finding.unseen.map((text) => wireText(text, scene));
  if (incident.losses > 0) unseen.push(`${plural(incident.losses, 'record')} the capture lost in this request's time`);
  return [
    ...evidenceLines(verdict, scene, columns),
    ...finding.alternatives.flatMap(({ cause, why }) =>
      prose(columns, 'Could also be:', `${cause}: ${wireText(why, scene)}`),
    ),
    ...(unseen.length > 0 ? prose(columns, 'Not seen:', unseen.join('; '), 'quiet') : []),
  ];
}

function evidenceLines(verdict: Verdict, scene: Scene, columns: number): Line[] {
  const { exchange } = verdict.incident;
  const origin = (exchange.request?.end ?? exchange.request?.head ?? exchange.start).at;
  const lines: Line[] = [line(span(' Evidence', 'title'))];
  const tell = ({ moment, source, text }: Evidence): void => {
    const ref = evidenceRef(source, moment) ?? source;
    const time = millisText(moment.at - origin);
    wrapped(wireText(text, scene), columns - 27).forEach((part, at) => {
      const head = at === 0 ? `${time.padStart(13)}  ${ref.padEnd(12)} ` : ' '.repeat(28);
      lines.push(line(span(head, 'quiet'), span(part, source === 'kernel' ? 'warn' : 'plain')));
    });
  };
  for (const { attempt, finding } of verdict.attempts) {
    if (verdict.attempts.length > 1) {
      const outcome = finding ? `${finding.cause}, ${finding.confidence}` : 'answered';
      const tie =
        attempt.link === 'timing' ? ', tied by its time' : attempt.link === 'kernel' ? ', tied by the kernel' : '';
      lines.push(line(span(`   attempt ${attempt.n} at ${attempt.peer.text}: ${outcome}${tie}`, 'accent')));
    }
    for (const evidence of inTime(finding?.evidence ?? [])) tell(evidence);
  }
  for (const evidence of inTime(ownEvidence(verdict))) tell(evidence);
  if (lines.length === 1) return [];
  return [...lines, BLANK];
}

function inTime(evidence: readonly Evidence[]): Evidence[] {
  return evidence.toSorted((a, b) => a.moment.at - b.moment.at || a.moment.frame - b.moment.frame);
}
