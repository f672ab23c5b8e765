/** The frame being worked on. Its moment becomes an object only when an event needs one, and then one for all of them. */
import { type Moment, type Nanos, NO_TIME } from '../model/time.ts';

export class Now {
  /** Latest time seen: never goes back, though a merged capture may. */
  latest: Nanos = NO_TIME;
  at: Nanos = NO_TIME;
  frame = 0;
  #made: Moment | undefined = undefined;

  get moment(): Moment {
    this.#made ??= { at: this.at, frame: this.frame };
    return this.#made;
  }

  set(at: Nanos, frame: number): void {
    this.at = at;
    this.frame = frame;
    this.#made = undefined;
    if (at > this.latest) this.latest = at;
  }
}
