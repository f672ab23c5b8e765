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

/** Where a request was sent, from the longest prefix to the whole gateway. */
export interface Prefixes {
  readonly host: string;
  readonly keys: readonly string[];
}

/** Counted things and their total. */
class Tally {
  readonly #counts = new Map<string, number>();
  total = 0;

  add(key: string, weight: number): void {
    const count = (this.#counts.get(key) ?? 0) + weight;
    if (count > 1e-9) this.#counts.set(key, count);
    else this.#counts.delete(key);
    this.total = Math.max(0, this.total + weight);
  }

  of(key: string): number {
    return this.#counts.get(key) ?? 0;
  }

  keys(): IterableIterator<string> {
    return this.#counts.keys();
  }
}

interface Habit {
  readonly peers: Tally;
  readonly shapes: Tally;
}

export class Habits {
  readonly #habits = new Map<string, Habit>();
  readonly #branches = new Map<string, Set<string>>();

  /** The prefixes that a request is judged by. */
  prefixesOf(gateway: string, host: string, target: string): Prefixes {
    const path = pathOf(target);
    const [one = '', two] = path
      .split('/')
      .filter((part) => part !== '')
      .slice(0, 2);
    const extension = /\.[a-z0-9]{1,5}$/i.exec(path)?.[0] ?? '';
    const whole = gateway;
    const first = `${gateway} ${host} /${two === undefined ? '' : one}${extension}`;
    const single = `${gateway} ${host} /${one}${extension}`;
    const keys = two === undefined ? [single, whole] : [`${first}/${two}`, first, whole];
    if (two !== undefined && !this.#isLocation(first, two)) keys.shift();
    return { host, keys };
  }

  /** A chain of attempts was made for a request: `shape` is `shapeOf` it. */
  learn(prefixes: Prefixes, peers: readonly string[], shape: string, weight: number): void {
    for (const key of prefixes.keys) {
      const habit = this.#habitOf(key);
      if (!habit) continue;
      habit.shapes.add(shape, weight);
      for (const peer of peers) habit.peers.add(peer, weight);
    }
  }

  /** An attempt at `peer` was made under these prefixes with this probability. */
  learnPeer(prefixes: Prefixes, peer: string, weight: number): void {
    for (const key of prefixes.keys) this.#habitOf(key)?.peers.add(peer, weight);
  }

  /** -ln of the probability that a request under these prefixes is sent to `peer`, in nats. */
  peerCost(prefixes: Prefixes, peer: string): number {
    return -Math.log(this.#probability(prefixes, peer, 'peers', UNSEEN_PEER));
  }

  /** -ln of the probability that a request under these prefixes takes so many attempts and ends so, in nats. */
  shapeCost(prefixes: Prefixes, attempts: number, status: number): number {
    const unseen = UNSEEN_SHAPES[Math.min(attempts, LONGEST)] ?? 0;
    return -Math.log(this.#probability(prefixes, shapeOf(attempts, status), 'shapes', unseen));
  }

  /** The peers that requests under the longest known prefix were sent to at least `least` times. */
  peersOf(prefixes: Prefixes, least: number): string[] {
    for (const key of prefixes.keys.slice(0, -1)) {
      const habit = this.#habits.get(key);
      if (habit && habit.shapes.total >= 1)
        return [...habit.peers.keys()].filter((peer) => habit.peers.of(peer) >= least);
    }
    return [];
  }

  #probability(prefixes: Prefixes, key: string, of: 'peers' | 'shapes', unseen: number): number {
    let probability = unseen;
    for (let depth = prefixes.keys.length - 1; depth >= 0; depth--) {
      const tally = this.#habits.get(prefixes.keys[depth] ?? '')?.[of];
      if (tally) probability = (tally.of(key) + BACKOFF * probability) / (tally.total + BACKOFF);
    }
    return probability;
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

/** How many attempts, and whether the client got a 502: what a location does again and again. */
export function shapeOf(attempts: number, status: number): string {
  return `${Math.min(attempts, LONGEST)}${status === 502 ? ' 502' : ''}`;
}
