/**
 * Which connection has been quiet longest: four doubly linked lists threaded through typed arrays, indexed by slot.
 * Touching, removing and asking for the oldest take constant time; nothing is ever scanned.
 */
import { MILLISECOND, type Nanos } from '../model/time.ts';
import type { IdleQueue } from './tcp-life.ts';

/** Node n of the lists: 0 to 3 are the heads, slot s is node s + 4. Every list is a ring through its head. */
const HEADS = 4;
const NOWHERE = 255;

/** Asked for with every segment: nearly all are of connections that are open. */
function headOf(queue: IdleQueue): number {
  if (queue === 'open') return 0;
  return queue === 'closed' ? 1 : queue === 'transient' ? 2 : 3;
}

/** A touch this soon after the one before moves nothing: the order is exact to that, and most segments write nothing. */
const GRAIN: Nanos = 100 * MILLISECOND;

export class IdleQueues {
  #next = Int32Array.from([0, 1, 2, 3]);
  #previous = Int32Array.from([0, 1, 2, 3]);
  #queue = new Uint8Array(HEADS);
  #touched = new Float64Array(HEADS);
  readonly #sizes = [0, 0, 0, 0];

  /** `slot` said something at `now`: it goes to the young end of `queue`, whichever it was in. */
  touch(slot: number, queue: IdleQueue, now: Nanos): void {
    const node = slot + HEADS;
    if (node >= this.#next.length) this.#grow(node);
    const head = headOf(queue);
    if (this.#queue[node] === head && now - (this.#touched[node] as number) < GRAIN) return;
    this.#touched[node] = now;
    this.#unlink(node);
    const last = this.#previous[head] as number;
    this.#next[last] = node;
    this.#previous[node] = last;
    this.#next[node] = head;
    this.#previous[head] = node;
    this.#queue[node] = head;
    (this.#sizes[head] as number)++;
  }

  remove(slot: number): void {
    this.#unlink(slot + HEADS);
  }

  /** The slot of `queue` touched longest ago; -1 where it is empty. */
  oldest(queue: IdleQueue): number {
    const node = this.#next[headOf(queue)] as number;
    return node < HEADS ? -1 : node - HEADS;
  }

  touchedAt(slot: number): Nanos {
    return this.#touched[slot + HEADS] as number;
  }

  size(queue: IdleQueue): number {
    return this.#sizes[headOf(queue)] as number;
  }

  #unlink(node: number): void {
    const queue = this.#queue[node] as number;
    if (queue === NOWHERE || node >= this.#next.length) return;
    const next = this.#next[node] as number;
    const previous = this.#previous[node] as number;
    this.#next[previous] = next;
    this.#previous[next] = previous;
    this.#queue[node] = NOWHERE;
    (this.#sizes[queue] as number)--;
  }

  #grow(node: number): void {
    const length = Math.max(1024, this.#next.length * 2, node + 1);
    const next = new Int32Array(length);
    next.set(this.#next);
    const previous = new Int32Array(length);
    previous.set(this.#previous);
    const queue = new Uint8Array(length).fill(NOWHERE);
    queue.set(this.#queue);
    const touched = new Float64Array(length);
    touched.set(this.#touched);
    this.#next = next;
    this.#previous = previous;
    this.#queue = queue;
    this.#touched = touched;
  }
}
