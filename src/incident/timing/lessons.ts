/** What a chain of attempts teaches: the gateway's decisions (`habits.ts`) and how long it takes between two acts (`densities.ts`). */
import type { Moment, Nanos } from '../../model/time.ts';
import { askedBefore, closeAfter, type Front, failureOf, type Use } from '../front.ts';
import { follows, goOn, type Knowledge, lastAct, mainChain, ownAnswer, waited } from './chain.ts';
import { DECISION, type Decision, NOBODY, type Step } from './decisions.ts';
import type { Gaps } from './densities.ts';
import { Lesson } from './habits.ts';

/** Usual lessons kept per location: one a peer that answers, one an octave of the time that an answer of its own takes. */
const USUAL_LIMIT = 256;

/** What the front teaches with its attempts as they are. */
export function lessonFrom(front: Front): Lesson {
  const { usual } = front.prefixes;
  const name = usualName(front);
  const known = name === undefined ? undefined : usual.get(name);
  if (known) return known;
  const lesson = lessonOf(front);
  if (name !== undefined && usual.size < USUAL_LIMIT) usual.set(name, lesson);
  return lesson;
}

/** Tells apart what requests teach that one attempt answered, or none; `undefined` where there is more to say. */
function usualName(front: Front): string | number | undefined {
  const { uses, answered, status, explanation } = front;
  const use = uses[0];
  if (use) {
    const plain = uses.length === 1 && use.outcome.is === 'answered' && use.outcome.status === status;
    return plain ? use.peer.text : undefined;
  }
  return explanation || !answered || status === 502 ? undefined : waited(front, answered)[1];
}

function lessonOf(front: Front): Lesson {
  const { prefixes, uses, answered, status, explanation } = front;
  const main = mainChain(front, uses);
  const steps: Step[] = [];
  const decide = (decision: Decision, choice: string) => steps.push({ decision, choice, weight: 1 });
  for (const [n, use] of main.entries()) {
    const before = main[n - 1];
    if (before) steps.push(goOn(front, before, n, true));
    else decide(DECISION.first, use.peer.text);
    decide(DECISION.peer, use.peer.text);
  }
  const last = main.at(-1);
  if (last) {
    steps.push(goOn(front, last, main.length, false));
    decide(DECISION.answer, follows(last, status) ? 'follows' : 'other');
  } else {
    decide(DECISION.first, explanation?.name ?? NOBODY);
    if (!explanation && answered) {
      const [decision, octave] = waited(front, answered);
      decide(decision, `${octave}`);
      decide(DECISION['own-answer'], ownAnswer(status));
    }
  }
  if (main.length === uses.length) decide(DECISION.beside, NOBODY);
  else for (const use of uses) if (!main.includes(use)) decide(DECISION.beside, use.peer.text);
  return new Lesson(prefixes, steps);
}

/** Teaches the densities and habits what a chain shows. */
export function learnChain(front: Front, { gaps, habits }: Knowledge): void {
  const { answered, uses, explanation } = front;
  if (!answered) return;
  habits.learn(lessonFrom(front), 1);
  if (!explanation && uses.every((use) => use.fixed)) learnGaps(front, answered, gaps);
}

function learnGaps(front: Front, answered: Moment, gaps: Gaps): void {
  const main = mainChain(front, front.uses);
  const first = main[0];
  const last = main.at(-1);
  if (!first || !last) return;
  const asked = askedBefore(front, first.exchange.start);
  // Of several attempts the first visible one may not be the first.
  if (asked && main.length === 1) gaps.first.learn(first.exchange.start.at - asked.at);
  for (let i = 1; i < main.length; i++) learnRetry(main[i - 1], main[i], gaps);
  learnEnd(last, answered, gaps);
}

function learnRetry(before: Use | undefined, use: Use | undefined, gaps: Gaps): void {
  const failure = before && failureOf(before);
  if (!before || !use || !failure) return;
  const gap: Nanos = use.exchange.start.at - lastAct(before, failure, use.exchange.start).at;
  if (gap >= 0) gaps.retry.learn(gap);
}

function learnEnd(last: Use, answered: Moment, gaps: Gaps): void {
  const { outcome } = last;
  if (outcome.is === 'open' || outcome.is === 'unseen') return;
  if (outcome.is === 'answered') {
    gaps.answered.learn(answered.at - (last.exchange.response?.start.at ?? outcome.moment.at));
    return;
  }
  const close = closeAfter(last, outcome.moment);
  if (close && close.frame <= answered.frame) gaps.closed.learn(answered.at - close.at);
  else (outcome.is === 'failed' ? gaps.failed : gaps.closed).learn(answered.at - outcome.moment.at);
}
