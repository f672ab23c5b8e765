/**
 * What a gateway does with which requests, learned while the capture is read, decision by decision: whom it tries first,
 * whether it goes on after a failure and to whom, what it answers. This is what tells two refused connections of the same
 * millisecond apart. Counts back off from the longer prefix to the shorter one, to the whole gateway.
 */

import { DECISION_NAMES, type Decision, type Step } from './decisions.ts';
import {
  atLeast,
  BACKOFF,
  type Counted,
  countOf,
  type Habit,
  type Learned,
  learnedRow,
  type Row,
  rowOf,
  shareOf,
  type Tally,
} from './tallies.ts';

/** Prefixes remembered per gateway and depth; a site with more locations than this is judged by its shorter prefixes. */
export const PREFIX_LIMIT = 4096;
/** Second path segments under one first segment before they are taken for names of things rather than locations. */
export const BRANCH_LIMIT = 48;
/** Paths whose prefixes are remembered; past it they are found anew. */
const PATH_LIMIT = 8192;
/** Paths of longer targets are not: a few of those would take all the room. */
const TARGET_LENGTH = 1024;
/** Different lessons that may wait to be counted. */
const DUE_LIMIT = 1024;

/** Where a request was sent: the prefixes of its target, from the longest to the gateway as a whole. */
export interface Prefixes extends Counted {
  /** Prefixes that may name one group of peers, likeliest first. */
  readonly locations: readonly Location[];
  /** What most requests here teach again and again, by what tells them apart (`lessons.ts`). */
  readonly usual: Map<string | number, Lesson>;
}

export interface Location {
  readonly key: string;
  /** It is the request's whole location, not a directory above it. */
  readonly whole: boolean;
}

/** What one request teaches. */
export class Lesson {
  readonly prefixes: Prefixes;
  readonly steps: readonly Step[];
  /** Where each step is counted, once it was. */
  counted: readonly Learned[] | undefined = undefined;
  /** It waits to be counted: it was learned so many times, less those that it was taken back. */
  waits = false;
  due = 0;
  /** What a request without attempts costs that teaches it, and the version of the habits that this was worked out with. */
  cost = Number.NaN;
  version = -1;

  constructor(prefixes: Prefixes, steps: readonly Step[]) {
    this.prefixes = prefixes;
    this.steps = steps;
  }
}

export class Habits {
  /** Changes with everything that is learned or taken back. */
  version = 0;
  readonly #habits = new Map<string, Habit>();
  /** Lessons that are still to be counted. */
  readonly #due: Lesson[] = [];
  readonly #branches = new Map<string, Set<string>>();
  /** By the longest of them. */
  readonly #prefixes = new Map<string, Prefixes>();
  /** The same by gateway, host and path: few paths are asked for all the time. */
  readonly #sites = new Map<string, Map<string, Map<string, Prefixes>>>();
  #paths = 0;

  /** What a request is judged by: its location on its host, the directory above it, that on any host, the gateway. */
  prefixesOf(gateway: string, host: string, target: string): Prefixes {
    const path = pathOf(target);
    const known = this.#sites.get(gateway)?.get(host)?.get(path);
    if (known) return known;
    const prefixes = this.#prefixesOf(gateway, host, path);
    if (target.length <= TARGET_LENGTH) this.#remember(gateway, host, path, prefixes);
    return prefixes;
  }

  #prefixesOf(gateway: string, host: string, path: string): Prefixes {
    const [one = '', two] = path
      .split('/')
      .filter((part) => part !== '')
      .slice(0, 2);
    const extension = /\.[a-z0-9]{1,5}$/i.exec(path)?.[0] ?? '';
    const first = `/${one}${extension}`;
    const paths =
      two !== undefined && this.#isLocation(`${gateway} ${first}`, two) ? [`${first}/${two}`, first] : [first];
    const [longest = gateway, ...others] = paths.map((each) => `${gateway} ${host} ${each}`);
    const known = this.#prefixes.get(longest);
    if (known) return known;
    const keys = [longest, ...others, `${gateway} * ${first}`, gateway];
    const prefixes = {
      habits: keys.map((key) => this.#habitOf(key)).filter((habit) => habit !== undefined),
      locations: paths.flatMap((each, depth) => [
        { key: `${gateway} ${host} ${each}`, whole: depth === 0 },
        { key: `${gateway} * ${each}`, whole: depth === 0 },
      ]),
      rows: DECISION_NAMES.map(() => undefined),
      usual: new Map(),
    };
    if (this.#prefixes.size < PREFIX_LIMIT) this.#prefixes.set(longest, prefixes);
    return prefixes;
  }

  #remember(gateway: string, host: string, path: string, prefixes: Prefixes): void {
    if (++this.#paths > PATH_LIMIT) this.#forgetPaths();
    const hosts = this.#sites.get(gateway) ?? new Map<string, Map<string, Prefixes>>();
    const paths = hosts.get(host) ?? new Map<string, Prefixes>();
    this.#sites.set(gateway, hosts.set(host, paths.set(path, prefixes)));
  }

  #forgetPaths(): void {
    this.#sites.clear();
    this.#paths = 0;
  }

  /** Takes a lesson in (`sign` 1), or takes it back (`sign` -1). It is counted once somebody asks: many teach the same. */
  learn(lesson: Lesson, sign: 1 | -1): void {
    this.version++;
    if (!lesson.waits) {
      if (this.#due.length >= DUE_LIMIT) this.#catchUp();
      this.#due.push(lesson);
      lesson.waits = true;
    }
    lesson.due += sign;
  }

  #catchUp(): void {
    for (const lesson of this.#due) {
      if (lesson.due !== 0) this.#count(lesson, lesson.due);
      lesson.due = 0;
      lesson.waits = false;
    }
    this.#due.length = 0;
  }

  #count(lesson: Lesson, times: number): void {
    const { prefixes, steps } = lesson;
    lesson.counted ??= steps.map(({ decision, choice }) => learnedRow(prefixes, decision, choice));
    for (let step = 0; step < steps.length; step++) {
      const { counts, tallies } = lesson.counted[step] as Learned;
      const more = times * (steps[step] as Step).weight;
      for (let depth = 0; depth < tallies.length; depth++) {
        const tally = tallies[depth] as Tally;
        const count = counts[depth];
        tally.total = Math.max(0, tally.total + more);
        if (count) count.of = atLeast(count.of + more);
      }
    }
  }

  /**
   * Probability that a request under these prefixes is decided so. What the request itself has taught (`own`) is left out:
   * or else a single guess would make itself look like a habit.
   * From the widest tally to the narrowest, each adds what it knows beyond the next narrower one, so that nothing is
   * counted twice.
   */
  share(prefixes: Prefixes, decision: Decision, choice: string, own: readonly Step[] | undefined): number {
    return this.#ask(prefixes, decision, choice, own).share;
  }

  /** What that decision costs, in nats. */
  cost(prefixes: Prefixes, decision: Decision, choice: string, own: readonly Step[] | undefined): number {
    const row = this.#ask(prefixes, decision, choice, own);
    if (Number.isNaN(row.cost)) row.cost = -Math.log(row.share);
    return row.cost;
  }

  /** The same requests ask the same things, one after the other. */
  #ask(prefixes: Prefixes, decision: Decision, choice: string, own: readonly Step[] | undefined): Row {
    if (this.#due.length > 0) this.#catchUp();
    const row = rowOf(prefixes, decision, choice);
    if (row.version === this.version && row.own === own) return row;
    if (row.version !== this.version) this.#widen(row, prefixes.habits, decision, choice);
    row.own = own;
    row.cost = Number.NaN;
    const tally = prefixes.habits[0]?.[decision];
    row.share = tally ? shareOf(row, tally, decision, choice, own) : row.wide;
    return row;
  }

  /** Works out what all prefixes but the longest tell: the same for all who ask, until something is learned. */
  #widen(row: Row, habits: readonly Habit[], decision: Decision, choice: string): void {
    let probability = row.unseen;
    for (let depth = habits.length - 1; depth > 0; depth--) {
      const wide = habits[depth]?.[decision];
      if (!wide) continue;
      const narrow = habits[depth - 1]?.[decision];
      const narrower = narrow ? countOf(row, narrow, depth - 1, choice) : 0;
      const count = Math.max(0, countOf(row, wide, depth, choice) - narrower);
      const total = Math.max(count, wide.total - (narrow?.total ?? 0));
      probability = (count + BACKOFF * probability) / (total + BACKOFF);
    }
    row.wide = probability;
    row.version = this.version;
  }

  #habitOf(key: string): Habit | undefined {
    let habit = this.#habits.get(key);
    if (!habit && this.#habits.size < PREFIX_LIMIT) {
      habit = DECISION_NAMES.map(() => undefined);
      this.#habits.set(key, habit);
    }
    return habit;
  }

  #isLocation(first: string, two: string): boolean {
    let branches = this.#branches.get(first);
    if (!branches) {
      if (this.#branches.size >= PREFIX_LIMIT) return false;
      branches = new Set();
      this.#branches.set(first, branches);
    }
    if (branches.size > BRANCH_LIMIT) return false;
    branches.add(two);
    if (branches.size <= BRANCH_LIMIT) return true;
    // What was remembered of the others goes by their second segments, which now mean nothing.
    this.#forgetPaths();
    return false;
  }
}

function pathOf(target: string): string {
  const query = target.indexOf('?');
  const path = query < 0 ? target : target.slice(0, query);
  const scheme = path.indexOf('://');
  if (scheme < 0) return path;
  const slash = path.indexOf('/', scheme + 3);
  return slash < 0 ? '/' : path.slice(slash);
}
