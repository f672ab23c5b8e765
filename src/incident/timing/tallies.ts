/** What is counted of each decision and choice, and what one choice is under the prefixes of one location. */
import { type Decision, type Step, unseenShare } from './decisions.ts';

/** Observations that one step of backing off is worth. */
export const BACKOFF = 0.7;
/** Choices counted per decision and prefix: more peers than the largest groups have. Of others, only how many there are. */
const CHOICE_LIMIT = 1024;
/** A count below this is what is left of guesses that were taken back. */
const NOTHING = 1e-9;

/** A number that will not stay whole: what is kept as such from the start needs no other shape later. */
const FRACTION = -0;

/** How often a choice was taken. */
interface Count {
  of: number;
}

/** Counted choices and their total. */
export class Tally {
  readonly #counts = new Map<string, Count>();
  total = FRACTION;

  /** `undefined` where the choice was never taken. */
  of(choice: string): Count | undefined {
    return this.#counts.get(choice);
  }

  /** The same, made where there is room for it. */
  room(choice: string): Count | undefined {
    let count = this.#counts.get(choice);
    if (!count && this.#counts.size < CHOICE_LIMIT) {
      count = { of: FRACTION };
      this.#counts.set(choice, count);
    }
    return count;
  }
}

/** By decision; `undefined` where none of that kind was taken yet. */
export type Habit = (Tally | undefined)[];

/** What was learned of one choice under one location's prefixes: its counts and the tallies they are in, from the longest prefix. */
export interface Learned {
  readonly counts: readonly (Count | undefined)[];
  readonly tallies: readonly Tally[];
}

/** One choice under one location's prefixes. */
export interface Row {
  /** `undefined` until it is learned there. */
  learned: Learned | undefined;
  /** Its share before anything is learned. */
  readonly unseen: number;
  /** Its share by all prefixes but the longest, and the version of the habits that this was worked out with. */
  wide: number;
  version: number;
  /** Its share for who has taught this itself, and what that costs, once somebody asks (NaN): as long as the version is the same. */
  own: readonly Step[] | undefined;
  share: number;
  cost: number;
}

/** What is counted of the requests at one location. */
export interface Counted {
  /** What is known of each prefix; each holds all that the ones before it hold. Shorter where there was no room left. */
  readonly habits: readonly Habit[];
  /** What was learned under them, by decision and choice: found by one look instead of one a prefix. */
  readonly rows: (Map<string, Row> | undefined)[];
}

export function rowOf({ rows }: Counted, decision: Decision, choice: string): Row {
  let choices = rows[decision];
  if (!choices) {
    choices = new Map();
    rows[decision] = choices;
  }
  let row = choices.get(choice);
  if (!row) {
    const unseen = unseenShare(decision, choice);
    row = {
      learned: undefined,
      unseen,
      wide: FRACTION,
      version: -1,
      own: undefined,
      share: FRACTION,
      cost: Number.NaN,
    };
    if (choices.size < CHOICE_LIMIT) choices.set(choice, row);
  }
  return row;
}

/** By the tally of the longest prefix, and by what the others tell. */
export function shareOf(
  row: Row,
  tally: Tally,
  decision: Decision,
  choice: string,
  own: readonly Step[] | undefined,
): number {
  let mine = 0;
  let mineTotal = 0;
  if (own) {
    for (const step of own) {
      if (step.decision !== decision) continue;
      mineTotal += step.weight;
      if (step.choice === choice) mine += step.weight;
    }
  }
  const count = Math.max(0, countOf(row, tally, 0, choice) - mine);
  return (count + BACKOFF * row.wide) / (Math.max(count, tally.total - mineTotal) + BACKOFF);
}

export function learnedRow(counted: Counted, decision: Decision, choice: string): Learned {
  const row = rowOf(counted, decision, choice);
  if (row.learned) return row.learned;
  const tallies = counted.habits.map((habit) => {
    habit[decision] ??= new Tally();
    return habit[decision];
  });
  const learned = { tallies, counts: tallies.map((tally) => tally.room(choice)) };
  // Where even the longest prefix has no room, it may have some later.
  if (!learned.counts[0]) return learned;
  row.learned = learned;
  row.version = -1;
  return learned;
}

/** How often the choice was taken, by the tally of that depth. */
export function countOf({ learned }: Row, tally: Tally, depth: number, choice: string): number {
  return (learned ? learned.counts[depth] : tally.of(choice))?.of ?? 0;
}

export function atLeast(count: number): number {
  return count > NOTHING ? count : 0;
}
