/** Members in order of their coming, of which any may go at once: a Set of few that come and go is made anew all the time. */

/** Where a member stands in a list. */
export interface Place<Member> {
  readonly member: Member;
  readonly list: List<Member>;
  before: Place<Member> | undefined;
  after: Place<Member> | undefined;
}

export class List<Member> {
  size = 0;
  #first: Place<Member> | undefined = undefined;
  #last: Place<Member> | undefined = undefined;

  get first(): Member | undefined {
    return this.#first?.member;
  }

  /** Puts it last; its place is what it goes by again. */
  add(member: Member): Place<Member> {
    const place: Place<Member> = { member, list: this, before: this.#last, after: undefined };
    if (this.#last) this.#last.after = place;
    else this.#first = place;
    this.#last = place;
    this.size++;
    return place;
  }

  remove({ before, after }: Place<Member>): void {
    if (before) before.after = after;
    else this.#first = after;
    if (after) after.before = before;
    else this.#last = before;
    this.size--;
  }

  filter(admissible: (member: Member) => boolean): Member[] {
    const members: Member[] = [];
    for (let place = this.#first; place; place = place.after) if (admissible(place.member)) members.push(place.member);
    return members;
  }
}
