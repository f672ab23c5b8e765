/**
 * What a gateway does with which requests, learned while the capture is read, decision by decision: whom it tries first,
 * whether it goes on after a failure and to whom, what it answers. This is what tells two refused connections of the same
 * millisecond apart. Counts back off from the longer prefix to the shorter one, to the whole gateway.
 */

/** Prefixes remembered per gateway and depth; a site with more locations than this is judged by its shorter prefixes. */
export const PREFIX_LIMIT = 4096;
/** Second path segments under one first segment before they are taken for names of things rather than locations. */
export const BRANCH_LIMIT = 48;
/** Paths whose prefixes are remembered; past it they are found anew. */
const PATH_LIMIT = 8192;
/** Paths of longer targets are not: a few of those would take all the room. */
const TARGET_LENGTH = 1024;
/** Observations that one step of backing off is worth. */
const BACKOFF = 0.7;

/** Nobody: no attempt was made, or none beside the others. */
export const NOBODY = '-';

/** What a gateway decides for a request. */
export type Decision =
  | 'first' // the peer of the first attempt; nobody; what failed before there could be one
  | 'peer' // any peer it tries: who belongs to the location
  | 'again-1' // after the first failure, the second, a later one: go on, or stop
  | 'again-2'
  | 'again-3'
  | 'against' // go on where nginx does not by default: a POST that was sent, a rejected header
  | 'passed' // go on after an answer: only some statuses are passed on, where it is configured
  | 'beside' // the peer of a subrequest at the same time
  | 'own-answer' // what it answers where it tried nobody
  | 'waited' // how long that takes
  | 'waited-502'
  | 'answer'; // does the answer follow from the last attempt?

/** One decision as it was taken; `weight` below 1 where it is a guess. */
export interface Step {
  readonly decision: Decision;
  readonly choice: string;
  readonly weight: number;
}

/** Shares before anything is learned: named choices, and any other. Most requests take one attempt, few take many. */
const UNSEEN: Readonly<Record<Decision, Readonly<Record<string, number>> & { readonly other: number }>> = {
  first: { [NOBODY]: 0.2, other: 0.02 },
  peer: { other: 0.02 },
  'again-1': { next: 0.25, other: 0.75 },
  'again-2': { next: 0.2, other: 0.8 },
  'again-3': { next: 0.15, other: 0.85 },
  against: { next: 0.01, other: 1 },
  passed: { next: 7e-3, other: 1 },
  beside: { [NOBODY]: 1, other: 1e-6 },
  'own-answer': { other: 0.5 },
  waited: { other: 0.04 },
  'waited-502': { other: 0.04 },
  answer: { follows: 1, other: 1e-3 },
};

/** Where a request was sent: the prefixes of its target, from the longest to the gateway as a whole. */
export interface Prefixes {
  /** What is known of each; each holds all that the ones before it hold. Shorter where there was no room left. */
  readonly habits: readonly Habit[];
  /** Prefixes that may name one group of peers, likeliest first. */
  readonly locations: readonly Location[];
}

export interface Location {
  readonly key: string;
  /** It is the request's whole location, not a directory above it. */
  readonly whole: boolean;
}

/** Counted choices and their total. */
class Tally {
  readonly #counts = new Map<string, number>();
  total = 0;

  add(choice: string, weight: number): void {
    const count = (this.#counts.get(choice) ?? 0) + weight;
    if (count > 1e-9) this.#counts.set(choice, count);
    else this.#counts.delete(choice);
    this.total = Math.max(0, this.total + weight);
  }

  of(choice: string): number {
    return this.#counts.get(choice) ?? 0;
  }
}

type Habit = Map<Decision, Tally>;

/** What one request teaches. */
export interface Lesson {
  readonly prefixes: Prefixes;
  readonly steps: readonly Step[];
}

export class Habits {
  readonly #habits = new Map<string, Habit>();
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

  /** Takes a lesson in (`sign` 1), or takes it back (`sign` -1). */
  learn({ prefixes, steps }: Lesson, sign: 1 | -1): void {
    for (const habit of prefixes.habits) {
      for (const { decision, choice, weight } of steps) {
        let tally = habit.get(decision);
        if (!tally) {
          tally = new Tally();
          habit.set(decision, tally);
        }
        tally.add(choice, sign * weight);
      }
    }
  }

  /**
   * Probability that a request under these prefixes is decided so. What the request itself has taught (`own`) is left out:
   * or else a single guess would make itself look like a habit.
   * From the widest tally to the narrowest, each adds what it knows beyond the next narrower one, so that nothing is
   * counted twice.
   */
  share({ habits }: Prefixes, decision: Decision, choice: string, own: readonly Step[] | undefined): number {
    let mine = 0;
    let mineTotal = 0;
    if (own) {
      for (const step of own) {
        if (step.decision !== decision) continue;
        mineTotal += step.weight;
        if (step.choice === choice) mine += step.weight;
      }
    }
    const unseen = UNSEEN[decision];
    let probability = unseen[choice] ?? unseen.other;
    let wide = habits.at(-1)?.get(decision);
    for (let depth = habits.length - 1; depth >= 0; depth--) {
      const narrow = depth > 0 ? habits[depth - 1]?.get(decision) : undefined;
      if (wide) {
        const count = Math.max(0, wide.of(choice) - (narrow ? narrow.of(choice) : depth > 0 ? 0 : mine));
        const total = Math.max(count, wide.total - (narrow ? narrow.total : depth > 0 ? 0 : mineTotal));
        probability = (count + BACKOFF * probability) / (total + BACKOFF);
      }
      wide = narrow;
    }
    return probability;
  }

  #habitOf(key: string): Habit | undefined {
    let habit = this.#habits.get(key);
    if (!habit && this.#habits.size < PREFIX_LIMIT) {
      habit = new Map();
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
