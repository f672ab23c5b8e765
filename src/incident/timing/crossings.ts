/** How often two acts of a gateway cross that waited at once, and what that tells of their having been done by one worker. */
import { type Act, KIND, type Kind, type KindName } from './acts.ts';

/** Of a hundred, within one worker and between two. */
type Crossed = readonly [one: number, two: number];

/**
 * In how many of a hundred cases two acts cross that waited at once: the one done first (row) was possible last. Of one
 * worker, and of two. Measured with nginx 1.22 at 24 and 64 requests at once, alike in both, for requests all of whose
 * attempts packets show. What is sent once a connection is there is next in turn, whatever else waits; a client's new
 * connection waits to be accepted first.
 */
const CROSSED: Readonly<Record<KindName, Readonly<Record<KindName, Crossed>>>> = {
  open: { open: [0.1, 55], next: [1.3, 87], send: [0.1, 26], retry: [4.8, 63], answer: [4.8, 58], fail: [0.8, 62] },
  next: { open: [1.8, 22], next: [0.2, 51], send: [0.1, 26], retry: [0.9, 37], answer: [3.6, 48], fail: [0.3, 47] },
  send: { open: [92.5, 94], next: [5.1, 97], send: [0.1, 86], retry: [1.1, 78], answer: [6.8, 87], fail: [1.7, 84] },
  retry: { open: [22.8, 38], next: [0.3, 40], send: [3.5, 28], retry: [2.3, 62], answer: [1.3, 51], fail: [0.9, 60] },
  answer: { open: [27.1, 45], next: [0.3, 48], send: [0.2, 47], retry: [0.2, 54], answer: [0.7, 49], fail: [0.7, 63] },
  fail: { open: [25.7, 49], next: [1.7, 49], send: [0.5, 51], retry: [4.5, 45], answer: [5.4, 36], fail: [8.7, 53] },
};
/** The same for two new connections at different addresses of the gateway: each address has a queue of its own. */
const OTHER_QUEUE: Crossed = [10, 55];

const KINDS = Object.keys(KIND) as KindName[];
/** What those two tell comes after all pairs of kinds. */
const QUEUES = KINDS.length * KINDS.length;

export class Crossings {
  /** What two acts that waited at once tell of their having been done by one worker, in nats: of each pair of kinds, done in turn and crossed. */
  readonly ties = new Float64Array(2 * (QUEUES + 1));

  /** @param atLeast one worker's acts cross in so many of a hundred cases, whatever was measured */
  constructor(atLeast: number) {
    const note = (pair: number, [one, two]: Crossed): void => {
      const same = Math.max(atLeast, one);
      this.ties[2 * pair] = Math.log((100 - same) / (100 - two));
      this.ties[2 * pair + 1] = Math.log(same / two);
    };
    for (const first of KINDS)
      for (const last of KINDS) note(KINDS.length * KIND[first] + KIND[last], CROSSED[first][last]);
    note(QUEUES, OTHER_QUEUE);
  }

  /** Which of `ties` is that of two acts. */
  place(one: Act, other: Act): number {
    const first = one.acted < other.acted ? one : other;
    const last = first === one ? other : one;
    return this.placeInOrder(first.kind, last.kind, first.listener === last.listener, first.ready < last.ready);
  }

  /** The same of the kinds of the act done first and last: accepted at the same address, and possible in that order. */
  placeInOrder(first: Kind, last: Kind, sameQueue: boolean, inTurn: boolean): number {
    const newcomers = first === KIND.open && last === KIND.open;
    const pair = newcomers && !sameQueue ? QUEUES : KINDS.length * first + last;
    return 2 * pair + (inTurn ? 0 : 1);
  }
}
