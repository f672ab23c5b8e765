/** Fronts in order of their coming, of which any may go at once: a Set of few that come and go is made anew all the time. */
import type { Front } from './front.ts';

/** Where a front stands in a list. */
export interface Place {
  readonly front: Front;
  readonly list: FrontList;
  before: Place | undefined;
  after: Place | undefined;
}

export class FrontList {
  size = 0;
  #first: Place | undefined = undefined;
  #last: Place | undefined = undefined;

  get first(): Front | undefined {
    return this.#first?.front;
  }

  /** Puts it last; its place is what it goes by again. */
  add(front: Front): Place {
    const place: Place = { front, list: this, before: this.#last, after: undefined };
    if (this.#last) this.#last.after = place;
    else this.#first = place;
    this.#last = place;
    this.size++;
    return place;
  }

  remove({ before, after }: Place): void {
    if (before) before.after = after;
    else this.#first = after;
    if (after) after.before = before;
    else this.#last = before;
    this.size--;
  }

  filter(admissible: (front: Front) => boolean): Front[] {
    const fronts: Front[] = [];
    for (let place = this.#first; place; place = place.after) if (admissible(place.front)) fronts.push(place.front);
    return fronts;
  }
}
