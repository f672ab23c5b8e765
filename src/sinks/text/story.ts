/** One incident as a story: the request, what happened and when, what it means, what to do. */
import { outcomeOf } from '../../model/outcome.ts';
import type { Moment, Nanos } from '../../model/time.ts';
import type { Evidence, Finding, JudgedAttempt, Verdict } from '../../model/verdict.ts';
import { answeredAt, connectTime, type DocumentContext, evidenceRef, ownEvidence } from '../document.ts';
import { columnsOf, safeText } from '../safe-text.ts';
import { clockText, durationText, millisText } from '../time-text.ts';
import type { Page, Piece } from './page.ts';
import { PROTOCOL_WORDS, plural } from './words.ts';

/** Columns of the indented parts. */
const TIMELINE = 4;
const PROSE = 6;
const HANG = 8;
/** Columns of a time on the timeline: `+ 2310 ms`. */
const TIME = 10;

/** Texts remembered of one kind of incident; a kind says a dozen, unless each holds a number of its own. */
const SAID_LIMIT = 100;

interface Step {
  readonly moment: Moment;
  readonly text: string;
  readonly ref: string;
}

/** What earlier stories of the same kind said already. */
export interface Said {
  /** The incident that said it first. */
  readonly first: string;
  readonly texts: Set<string>;
}

/** With `said`, advice and the like that an earlier story gave in the same words is not repeated. */
export function writeStory(page: Page, verdict: Verdict, context: DocumentContext, said?: Said): void {
  writeHeading(page, verdict, context);
  const origin = originOf(verdict);
  for (const step of stepsOf(verdict, context)) {
    const head: Piece = { text: `${timeText(step.moment.at - origin.at).padStart(TIME)}  `, role: 'quiet' };
    page.noted(head, step.text, step.ref, TIMELINE);
  }
  writeMeaning(page, verdict, context, said);
}

/** One line for an incident of a kind whose stories were told already. */
export function writeHeadline(page: Page, verdict: Verdict, context: DocumentContext): void {
  const { id, time, asked } = headingOf(verdict, context);
  const left: Piece[] = [
    { text: `${id}  ${time}  `, role: 'quiet' },
    { text: asked, role: 'plain' },
  ];
  page.edges(left, { text: causeText(verdict.finding), role: 'cause' });
}

function writeHeading(page: Page, verdict: Verdict, context: DocumentContext): void {
  const { id, time, asked, from } = headingOf(verdict, context);
  const cause: Piece = { text: causeText(verdict.finding), role: 'cause' };
  const start: Piece = { text: `${id}  ${time}`, role: 'title' };
  const request: Piece = { text: asked, role: 'title' };
  const client: Piece = { text: `  ${from}`, role: 'plain' };
  const beside = columnsOf(asked + client.text);
  if (columnsOf(start.text) + 2 + beside + 2 + columnsOf(cause.text) <= page.width) {
    page.edges([start, { text: '  ', role: 'plain' }, request, client], cause);
    return;
  }
  const indent = id.length + 2;
  page.edges([start], cause);
  if (beside <= page.width - indent) {
    page.edges([request, client], undefined, indent);
    return;
  }
  page.edges([request], undefined, indent);
  page.edges([{ text: from, role: 'plain' }], undefined, indent);
}

interface Heading {
  readonly id: string;
  readonly time: string;
  /** Method and target. */
  readonly asked: string;
  /** Client and host. */
  readonly from: string;
}

function headingOf({ incident }: Verdict, { epoch, mask }: DocumentContext): Heading {
  const { exchange } = incident;
  const { request } = exchange;
  const host = request?.host ?? '';
  return {
    id: incident.id,
    time: clockText(epoch, answeredAt(exchange, incident.settled).at),
    asked: request
      ? `${safeText(mask.text(request.method))} ${safeText(mask.target(request.target))}`
      : '(request not in the capture)',
    from: `from ${exchange.client.text}${host === '' ? '' : `  host ${safeText(mask.text(host))}`}`,
  };
}

function causeText({ cause, subcause, confidence }: Finding): string {
  return `${cause}${subcause === '' ? '' : ` (${safeText(subcause)})`}, ${confidence}`;
}

/** Times of a story count from the end of the request, when a gateway may begin to act on it. */
function originOf({ incident }: Verdict): Moment {
  const { request, start } = incident.exchange;
  return request?.end ?? request?.head ?? start;
}

/** `0.00 ms`, `+ 2310 ms`, `- 0.20 ms`. */
function timeText(span: Nanos): string {
  if (span === 0) return '0.00 ms';
  const size = Math.abs(span);
  return `${span < 0 ? '-' : '+'} ${size < 100e9 ? millisText(size) : durationText(size)}`;
}

/** Everything that happened, in capture order, each frame told once. */
function stepsOf(verdict: Verdict, context: DocumentContext): Step[] {
  const told = (evidence: Evidence, prefix = ''): Step => ({
    moment: evidence.moment,
    text: prefix + wireText(evidence.text, context),
    ref: evidenceRef(evidence.source, evidence.moment) ?? '',
  });
  const steps = [
    requestStep(verdict),
    ...verdict.attempts.flatMap((judged) => attemptSteps(judged, told)),
    ...ownEvidence(verdict).map((evidence) => told(evidence)),
  ];
  const answer = answerStep(verdict);
  if (answer && !steps.some((step) => step.ref === answer.ref)) steps.push(answer);
  return steps
    .map((step, at) => ({ step, at }))
    .sort((a, b) => a.step.moment.at - b.step.moment.at || a.step.moment.frame - b.step.moment.frame || a.at - b.at)
    .map(({ step }) => step);
}

function requestStep({ incident }: Verdict): Step {
  const { request, start } = incident.exchange;
  if (request?.end) return step(request.end, `the client's request is complete (${plural(request.octets, 'octet')})`);
  if (request) return step(request.head, "the head of the client's request is complete, its body still on the way");
  return step(start, `connection from ${incident.exchange.client.text}`);
}

function attemptSteps(judged: JudgedAttempt, told: (evidence: Evidence, prefix?: string) => Step): Step[] {
  const { attempt, finding } = judged;
  const start = attempt.exchange?.start ?? attempt.silent?.first;
  if (!finding) return succeededSteps(judged, start);
  const { evidence } = finding;
  // How the connection began says where the attempt begins too: one line instead of two.
  const begun = [start?.frame, attempt.exchange?.connection.established?.frame];
  const opening = evidence.find(({ moment }) => begun.includes(moment.frame));
  const steps = evidence.filter((one) => one !== opening).map((one) => told(one));
  if (opening) return [told(opening, `attempt ${attempt.n}${notesOf(judged)}: `), ...steps];
  return start ? [step(start, attemptText(judged)), ...steps] : steps;
}

function succeededSteps(judged: JudgedAttempt, start: Moment | undefined): Step[] {
  const { exchange } = judged.attempt;
  if (!exchange || !start) return [];
  const outcome = outcomeOf(exchange);
  const opened = connectTime(exchange);
  const how = exchange.reused
    ? `, connection reused${exchange.idle === undefined || exchange.idle < 0 ? '' : ` after ${durationText(exchange.idle)}`}`
    : opened === undefined
      ? ''
      : `, open after ${durationText(opened)}`;
  const steps = [step(start, attemptText(judged) + how)];
  if (outcome.is === 'answered') {
    steps.push(step(outcome.moment, `${outcome.status} from ${judged.attempt.peer.text}`));
  }
  return steps;
}

function attemptText(judged: JudgedAttempt): string {
  return `attempt ${judged.attempt.n} -> ${judged.attempt.peer.text}${notesOf(judged)}`;
}

/** ` (FastCGI, tied by its time)`. */
function notesOf({ attempt }: JudgedAttempt): string {
  const protocol = attempt.exchange?.protocol;
  const notes = [
    ...(protocol ? [PROTOCOL_WORDS[protocol]] : []),
    ...(attempt.link === 'timing' ? ['tied by its time'] : []),
  ];
  return notes.length > 0 ? ` (${notes.join(', ')})` : '';
}

function answerStep({ incident }: Verdict): Step | undefined {
  const { response } = incident.exchange;
  if (!response) return undefined;
  return step(response.head ?? response.start, response.status ? `${response.status} to the client` : 'answer begins');
}

function step(moment: Moment, text: string): Step {
  return { moment, text, ref: evidenceRef('packet', moment) ?? '' };
}

function writeMeaning(page: Page, verdict: Verdict, context: DocumentContext, said: Said | undefined): void {
  const { finding, incident, rootChain } = verdict;
  let repeated = false;
  const prose = (lead: string, text: string): void =>
    page.paragraph(text, { indent: PROSE, hang: lead === '' ? PROSE : HANG, lead });
  const once = (lead: string, text: string): void => {
    if (said?.texts.has(lead + text)) {
      repeated = true;
      return;
    }
    if (said && said.texts.size < SAID_LIMIT) said.texts.add(lead + text);
    prose(lead, text);
  };
  prose('', wireText(finding.sentence, context));
  if (rootChain.length > 0) prose('Led here by: ', rootChain.join(', '));
  if (incident.nextHop) prose('Behind it: ', `${incident.nextHop}, the same request at the next gateway`);
  finding.advice.forEach((advice, at) => {
    once(at === 0 ? 'Do first: ' : 'Then: ', wireText(advice, context));
  });
  for (const { cause, why } of finding.alternatives) once('Could also be: ', `${cause}: ${wireText(why, context)}`);
  const unseen = finding.unseen.map((text) => wireText(text, context));
  if (incident.losses > 0) unseen.push(`${plural(incident.losses, 'record')} the capture lost in this request's time`);
  if (unseen.length > 0) once('Not seen: ', unseen.join('; '));
  if (said && repeated) page.paragraph(`The rest as for ${said.first}.`, { indent: PROSE, role: 'quiet' });
}

function wireText(text: string, { mask }: DocumentContext): string {
  return safeText(mask.text(text));
}
