/** One incident: its ladder, what it means, what proves it, what to do; or its octets. */
import type { Evidence, Verdict } from '../../model/verdict.ts';
import { evidenceRef, ownEvidence } from '../document.ts';
import { safeText } from '../safe-text.ts';
import { plural } from '../text/words.ts';
import { millisText } from '../time-text.ts';
import { momentText } from './clock.ts';
import type { Entry } from './entry.ts';
import { BLANK, inside, type Line, line, type Pane, type Role, span, wrapped } from './frame.ts';
import { ladderOf } from './ladder.ts';
import { ladderLines } from './ladder-lines.ts';
import { octetLines } from './octets.ts';
import { entryWords, type Scene, selectedEntry } from './scene.ts';

/** Wider than this a line of prose is no longer read with ease. */
const PROSE = 116;

export function storyPanes(scene: Scene): Pane[] {
  const { ui } = scene;
  const entry = selectedEntry(scene);
  const at = { left: 0, top: 1, width: ui.cols, height: Math.max(3, ui.rows - 2) };
  const pane = { id: 'text', at, border: true, focused: true, graph: undefined };
  if (!entry) {
    const lines = [BLANK, line(' This incident is no longer kept: too many came after it.')];
    return [{ ...pane, title: 'story', note: '', lines }];
  }
  const words = entryWords(scene, entry);
  const lines = storyText(scene, entry);
  const { height } = inside(pane);
  const last = Math.max(0, lines.length - height);
  const scroll = Math.min(ui.scroll, last);
  const title = `${entry.verdict?.incident.id ?? '502'}  ${momentText(scene.clock, words.at)}  ${words.method} ${words.target}`;
  const far = last === 0 ? '' : `${scroll + 1}-${Math.min(lines.length, scroll + height)} of ${lines.length}`;
  return [{ ...pane, title, note: far, lines: lines.slice(scroll, scroll + height) }];
}

/** All lines of the story, before they are scrolled. */
export function storyText(scene: Scene, entry: Entry): Line[] {
  const { ui } = scene;
  const width = ui.cols - 2;
  const { verdict } = entry;
  const words = entryWords(scene, entry);
  if (!verdict) return [BLANK, line(` ${words.status} to ${words.client}. Its attempts are being worked out.`)];
  if (ui.octets) return octetLines(verdict, ui.attempt, scene.book.mask, width);
  const { exchange, gateway } = verdict.incident;
  const origin = (exchange.request?.end ?? exchange.request?.head ?? exchange.start).at;
  const text = (wire: string): string => wireText(wire, scene);
  const ladder = ladderLines(ladderOf(verdict), {
    width,
    origin,
    attempt: ui.attempt,
    client: exchange.client.text,
    gateway: gateway.text,
    text,
  });
  return [verdictLine(verdict, entry), BLANK, ...ladder, BLANK, ...meaning(verdict, scene, width)];
}

function wireText(text: string, { book }: Pick<Scene, 'book'>): string {
  return safeText(book.mask.text(text));
}

const SURE: Readonly<Record<string, Role>> = { certain: 'good', likely: 'plain', possible: 'quiet' };

function verdictLine({ finding, incident, attempts }: Verdict, entry: Entry): Line {
  const hidden =
    incident.kind === 'masked' ? `   hidden: the client got ${incident.exchange.response?.status || 'no status'}` : '';
  return line(
    span(` ${finding.cause}`, 'bad'),
    span(finding.subcause === '' ? '' : ` (${safeText(finding.subcause)})`, 'bad'),
    span(`   ${entry.provisional ? 'so far: ' : ''}${finding.confidence}`, SURE[finding.confidence] ?? 'plain'),
    span(`   ${plural(attempts.length, 'attempt')}`, 'quiet'),
    span(hidden, 'warn'),
  );
}

function meaning(verdict: Verdict, scene: Scene, width: number): Line[] {
  const { finding, incident, rootChain } = verdict;
  const columns = Math.min(PROSE, width - 2);
  const lines: Line[] = [];
  const prose = (lead: string, text: string, role: Role = 'plain'): void => {
    wrapped(lead === '' ? text : `${lead} ${text}`, columns - 2).forEach((part, at) => {
      if (at > 0 || lead === '') lines.push(line(span(`${at === 0 ? ' ' : '   '}${part}`, role)));
      else lines.push(line(span(` ${part.slice(0, lead.length)}`, 'title'), span(part.slice(lead.length), role)));
    });
  };
  prose('', wireText(finding.sentence, scene));
  if (rootChain.length > 0) prose('Led here by:', rootChain.join(', '));
  if (incident.nextHop) prose('Behind it:', `${incident.nextHop}, the same request at the next gateway`);
  finding.advice.forEach((advice, at) => {
    prose(at === 0 ? 'Do first:' : 'Then:', wireText(advice, scene));
  });
  lines.push(BLANK, ...evidenceLines(verdict, scene, columns));
  for (const { cause, why } of finding.alternatives) prose('Could also be:', `${cause}: ${wireText(why, scene)}`);
  const unseen = finding.unseen.map((text) => wireText(text, scene));
  if (incident.losses > 0) unseen.push(`${plural(incident.losses, 'record')} the capture lost in this request's time`);
  if (unseen.length > 0) prose('Not seen:', unseen.join('; '), 'quiet');
  return lines;
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
    for (const evidence of finding?.evidence ?? []) tell(evidence);
  }
  for (const evidence of ownEvidence(verdict)) tell(evidence);
  if (lines.length === 1) return [];
  return [...lines, BLANK];
}
