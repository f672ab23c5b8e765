/** All acts of one worker in the order in which they were done. Those that come to be believed later are kept apart: they are few. */
import type { Act } from './acts.ts';

export class Line {
  readonly #acts: Act[] = [];
  readonly #late: Act[] = [];
  /** The next ones on the way from where it was sought. */
  #at = 0;
  #lateAt = 0;

  /** One that was done after all others. */
  push(act: Act): void {
    this.#acts.push(act);
  }

  add(act: Act): void {
    this.#late.splice(firstAfter(this.#late, act.acted), 0, act);
  }

  remove(act: Act): void {
    for (const acts of [this.#late, this.#acts]) {
      const at = acts.indexOf(act, firstAfter(acts, act.acted - 1));
      if (at < 0) continue;
      acts.splice(at, 1);
      return;
    }
  }

  /** Goes to where an act at that frame would stand. */
  seek(frame: number): void {
    this.#at = firstAfter(this.#acts, frame);
    this.#lateAt = firstAfter(this.#late, frame);
  }

  /** The act before, from where it was sought or read last. */
  previous(): Act | undefined {
    const act = this.#acts[this.#at - 1];
    const late = this.#late[this.#lateAt - 1];
    if (late && !(act && act.acted > late.acted)) {
      this.#lateAt--;
      return late;
    }
    this.#at--;
    return act;
  }

  next(): Act | undefined {
    const act = this.#acts[this.#at];
    const late = this.#late[this.#lateAt];
    if (late && !(act && act.acted <= late.acted)) {
      this.#lateAt++;
      return late;
    }
    this.#at++;
    return act;
  }
}

function firstAfter(acts: readonly Act[], frame: number): number {
  let low = 0;
  let high = acts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((acts[middle]?.acted ?? 0) <= frame) low = middle + 1;
    else high = middle;
  }
  return low;
}
