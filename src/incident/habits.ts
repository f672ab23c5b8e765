/**
 * What a gateway does with which requests, learned while the capture is read: which peers it tries for a path prefix and
 * how many of them. This is what tells two refused connections of the same millisecond apart.
 * Counts back off from the longer prefix to the shorter one, to the whole gateway.
 */

/** Prefixes remembered per gateway and depth; a site with more locations than this is judged by its shorter prefixes. */
export const PREFIX_LIMIT = 4096;
/** Second path segments under one first segment before they are taken for names of things rather than locations. */
export const BRANCH_LIMIT = 48;
/** Observations that one step of backing off is worth. */
const BACKOFF = 0.7;
/** Share of a peer never seen anywhere. */
const UNSEEN_PEER = 0.02;
/** Share of requests that take 0, 1, 2 .. attempts, before anything is learned: most take one, few take many. */
const UNSEEN_SHAPES = [0.2, 0.6, 0.15, 0.04, 0.008, 0.0015, 0.0005];

/** Chains longer than this are one kind. */
const LONGEST = UNSEEN_SHAPES.length - 1;
/** An answer that does not follow from the last attempt: 200 after a failure (error_page, a stale copy), 502 after a good one. */
const UNSEEN_MISMATCH = 1e-3;
/** Retrying what nginx does not retry by default: a POST that was sent, a rejected header. */
const UNSEEN_AGAINST_RULES = 1e-3;

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

/** The kind of a chain: what a location does again and again. */
export interface Shape {
  readonly attempts: number;
  readonly is502: boolean;
  /** The answer does not follow from the last attempt. */
  readonly mismatch: boolean;
  /** An attempt followed one that nginx does not retry by default. */
  readonly againstRules: boolean;
}

/** Counted things and their total. */
class Tally<Key> {
  readonly #counts = new Map<Key, number>();
  total = 0;

  add(key: Key, weight: number): void {
    const count = (this.#counts.get(key) ?? 0) + weight;
    if (count > 1e-9) this.#counts.set(key, count);
    else this.#counts.delete(key);
    this.total = Math.max(0, this.total + weight);
  }

  of(key: Key): number {
    return this.#counts.get(key) ?? 0;
  }
}

/** What one request teaches: weighted peers, and the shape of its chain where it is known. */
export interface Lesson {
  readonly prefixes: Prefixes;
  readonly peers: ReadonlyMap<string, number>;
  readonly peersTotal: number;
  readonly shape: Shape | undefined;
}

interface Habit {
  readonly peers: Tally<string>;
  readonly shapes: Tally<number>;
}

export class Habits {
  readonly #habits = new Map<string, Habit>();
  readonly #branches = new Map<string, Set<string>>();

  /** What a request is judged by: its location on its host, the directory above it, that on any host, the gateway. */
  prefixesOf(gateway: string, host: string, target: string): Prefixes {
    const path = pathOf(target);
    const [one = '', two] = path
      .split('/')
      .filter((part) => part !== '')
      .slice(0, 2);
    const extension = /\.[a-z0-9]{1,5}$/i.exec(path)?.[0] ?? '';
    const first = `/${one}${extension}`;
    const paths =
      two !== undefined && this.#isLocation(`${gateway} ${first}`, two) ? [`${first}/${two}`, first] : [first];
    const ofHost = paths.map((each) => `${gateway} ${host} ${each}`);
    const keys = [...ofHost, `${gateway} * ${first}`, gateway];
    return {
      habits: keys.map((key) => this.#habitOf(key)).filter((habit) => habit !== undefined),
      locations: paths.flatMap((each, depth) => [
        { key: `${gateway} ${host} ${each}`, whole: depth === 0 },
        { key: `${gateway} * ${each}`, whole: depth === 0 },
      ]),
    };
  }

  /** Takes a lesson in (`sign` 1), or takes it back (`sign` -1). */
  learn({ prefixes, peers, shape }: Lesson, sign: 1 | -1): void {
    for (const habit of prefixes.habits) {
      if (shape !== undefined) habit.shapes.add(codeOf(shape), sign);
      for (const [peer, weight] of peers) habit.peers.add(peer, sign * weight);
    }
  }

  /**
   * -ln of the probability that a request under these prefixes is sent to `peer`, in nats. What the request itself has
   * taught (`own`) is left out: or else a single guess would make itself look like a habit.
   */
  peerCost({ habits }: Prefixes, peer: string, own: Lesson | undefined): number {
    const mine = own?.peers.get(peer) ?? 0;
    return -Math.log(
      backedOff(habits.length, UNSEEN_PEER, (depth) => habits[depth]?.peers, peer, mine, own?.peersTotal ?? 0),
    );
  }

  /** -ln of the probability that requests under these prefixes are served by such a chain, in nats. */
  shapeCost({ habits }: Prefixes, shape: Shape, own: Lesson | undefined): number {
    const code = codeOf(shape);
    const mine = own?.shape;
    const same = mine !== undefined && codeOf(mine) === code ? 1 : 0;
    const total = mine === undefined ? 0 : 1;
    return -Math.log(backedOff(habits.length, priorOf(shape), (depth) => habits[depth]?.shapes, code, same, total));
  }

  #habitOf(key: string): Habit | undefined {
    let habit = this.#habits.get(key);
    if (!habit && this.#habits.size < PREFIX_LIMIT) {
      habit = { peers: new Tally(), shapes: new Tally() };
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
    if (branches.size <= BRANCH_LIMIT) branches.add(two);
    return branches.size <= BRANCH_LIMIT;
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

/**
 * The share of `key`, from the widest tally to the narrowest: each adds what it knows beyond the next narrower one, so that
 * nothing is counted twice. `mine` of `mineTotal` observations in the narrowest are left out.
 */
function backedOff<Key>(
  depths: number,
  unseen: number,
  tallyAt: (depth: number) => Tally<Key> | undefined,
  key: Key,
  mine: number,
  mineTotal: number,
): number {
  let probability = unseen;
  for (let depth = depths - 1; depth >= 0; depth--) {
    const tally = tallyAt(depth);
    const narrower = depth > 0 ? tallyAt(depth - 1) : undefined;
    if (!tally) continue;
    const count = Math.max(0, tally.of(key) - (narrower ? narrower.of(key) : mine));
    const total = Math.max(count, tally.total - (narrower ? narrower.total : mineTotal));
    probability = (count + BACKOFF * probability) / (total + BACKOFF);
  }
  return probability;
}

/** The lesson of a chain of attempts. */
export function lessonOf(prefixes: Prefixes, peers: readonly string[], shape: Shape): Lesson {
  const counts = new Map<string, number>();
  for (const peer of peers) counts.set(peer, (counts.get(peer) ?? 0) + 1);
  return { prefixes, peers: counts, peersTotal: peers.length, shape };
}

function codeOf({ attempts, is502, mismatch, againstRules }: Shape): number {
  return Math.min(attempts, LONGEST) * 8 + (is502 ? 4 : 0) + (mismatch ? 2 : 0) + (againstRules ? 1 : 0);
}

function priorOf({ attempts, mismatch, againstRules }: Shape): number {
  const probability = UNSEEN_SHAPES[Math.min(attempts, LONGEST)] ?? 0;
  return probability * (mismatch ? UNSEEN_MISMATCH : 1) * (againstRules ? UNSEEN_AGAINST_RULES : 1);
}
