/**
 * The acts of one worker in the order in which they were done. They are kept in blocks: one act that comes or goes moves
 * those of its block, not all that were done after it.
 */
import type { Act } from './acts.ts';

/** Acts that a block has at least when it was cut in two: it is, when it has twice as many. */
const BLOCK = 64;

interface Block {
  readonly acts: Act[];
  /** When each of them became possible: looked at far more often than the rest of them. */
  readonly ready: number[];
}

export class Line {
  /** None of them is empty, unless it is the only one. */
  readonly #blocks: Block[] = [{ acts: [], ready: [] }];

  /** Puts an act behind those that were done no later. */
  add(act: Act): void {
    const at = this.#blockOf(act.acted);
    const { acts, ready } = this.#blocks[at] as Block;
    const place = firstAfter(acts, act.acted);
    acts.splice(place, 0, act);
    ready.splice(place, 0, act.ready);
    if (acts.length === 2 * BLOCK)
      this.#blocks.splice(at + 1, 0, { acts: acts.splice(BLOCK), ready: ready.splice(BLOCK) });
  }

  remove(act: Act): void {
    // Of those that were done in one frame, some may be in the block before.
    for (let at = this.#blockOf(act.acted); at >= 0; at--) {
      const { acts, ready } = this.#blocks[at] as Block;
      const place = acts.lastIndexOf(act);
      if (place < 0) continue;
      acts.splice(place, 1);
      ready.splice(place, 1);
      if (acts.length === 0 && this.#blocks.length > 1) this.#blocks.splice(at, 1);
      return;
    }
  }

  /**
   * Puts into `rivals` those that waited while `act` was waited for, of so many before it, last first, and of so many after it;
   * returns how many. It is asked for every place that an attempt could have: no list is made for each.
   */
  rivalsOf(act: Act, compared: number, rivals: Act[]): number {
    const at = this.#blockOf(act.acted);
    const place = firstAfter((this.#blocks[at] as Block).acts, act.acted);
    const before = this.#before(act, at, place, compared, rivals);
    return this.#after(act, at, place, compared, rivals, before);
  }

  #before({ ready }: Act, at: number, place: number, compared: number, rivals: Act[]): number {
    let count = 0;
    for (let from = at, end = place; from >= 0; from--, end = this.#blocks[from]?.acts.length ?? 0) {
      const { acts } = this.#blocks[from] as Block;
      for (let i = end - 1; i >= 0; i--) {
        const other = acts[i] as Act;
        if (count === compared || other.acted <= ready) return count;
        rivals[count++] = other;
      }
    }
    return count;
  }

  #after({ acted }: Act, at: number, place: number, compared: number, rivals: Act[], before: number): number {
    let count = before;
    let left = compared;
    for (let from = at, begin = place; left > 0 && from < this.#blocks.length; from++, begin = 0) {
      const { acts, ready } = this.#blocks[from] as Block;
      const end = Math.min(acts.length, begin + left);
      for (let i = begin; i < end; i++) if ((ready[i] as number) < acted) rivals[count++] = acts[i] as Act;
      left -= end - begin;
    }
    return count;
  }

  /** The block in which an act that was done then has its place. */
  #blockOf(frame: number): number {
    let low = 0;
    let high = this.#blocks.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (((this.#blocks[middle] as Block).acts[0] as Act).acted <= frame) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

/** The place of the first one done after a frame. */
function firstAfter(acts: readonly Act[], frame: number): number {
  let low = 0;
  let high = acts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((acts[middle] as Act).acted <= frame) low = middle + 1;
    else high = middle;
  }
  return low;
}
