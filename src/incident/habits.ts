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
}

/** What one request teaches: weighted peers, and the shape of its chain where it is known. */
export interface Lesson {
  readonly prefixes: Prefixes;
  readonly peers: ReadonlyMap<string, number>;
  readonly peersTotal: number;
  readonly shape: string | undefined;
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

  /** Takes a lesson in (`sign` 1), or takes it back (`sign` -1). */
  learn({ prefixes, peers, shape }: Lesson, sign: 1 | -1): void {
    for (const key of prefixes.keys) {
      const habit = this.#habitOf(key);
      if (!habit) continue;
      if (shape !== undefined) habit.shapes.add(shape, sign);
      for (const [peer, weight] of peers) habit.peers.add(peer, sign * weight);
    }
  }

  /**
   * -ln of the probability that a request under these prefixes is sent to `peer`, in nats. What the request itself has
   * taught (`own`) is left out: or else a single guess would make itself look like a habit.
   */
  peerCost(prefixes: Prefixes, peer: string, own: Lesson | undefined): number {
    let probability = UNSEEN_PEER;
    for (let depth = prefixes.keys.length - 1; depth >= 0; depth--) {
      const tally = this.#habits.get(prefixes.keys[depth] ?? '')?.peers;
      if (!tally) continue;
      const count = Math.max(0, tally.of(peer) - (own?.peers.get(peer) ?? 0));
      const total = Math.max(count, tally.total - (own?.peersTotal ?? 0));
      probability = (count + BACKOFF * probability) / (total + BACKOFF);
    }
    return -Math.log(probability);
  }

  /** -ln of the probability that a request under these prefixes takes so many attempts and ends so, in nats. */
  shapeCost(prefixes: Prefixes, attempts: number, status: number, own: Lesson | undefined): number {
    const shape = shapeOf(attempts, status);
    const mine = own?.shape;
    let probability = UNSEEN_SHAPES[Math.min(attempts, LONGEST)] ?? 0;
    for (let depth = prefixes.keys.length - 1; depth >= 0; depth--) {
      const tally = this.#habits.get(prefixes.keys[depth] ?? '')?.shapes;
      if (!tally) continue;
      const count = Math.max(0, tally.of(shape) - (mine === shape ? 1 : 0));
      const total = Math.max(count, tally.total - (mine === undefined ? 0 : 1));
      probability = (count + BACKOFF * probability) / (total + BACKOFF);
    }
    return -Math.log(probability);
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

/** The lesson of a chain of attempts. */
export function lessonOf(prefixes: Prefixes, peers: readonly string[], status: number): Lesson {
  const counts = new Map<string, number>();
  for (const peer of peers) counts.set(peer, (counts.get(peer) ?? 0) + 1);
  return { prefixes, peers: counts, peersTotal: peers.length, shape: shapeOf(peers.length, status) };
}

/** How many attempts, and whether the client got a 502: what a location does again and again. */
export function shapeOf(attempts: number, status: number): string {
  return `${Math.min(attempts, LONGEST)}${status === 502 ? ' 502' : ''}`;
}
