/** What was asked for lately, by name: what was asked for longest ago gives way to what is new. */

interface Entry<Value> {
  readonly key: string;
  readonly value: Value;
  older: Entry<Value> | undefined;
  newer: Entry<Value> | undefined;
}

export class Recent<Value> {
  readonly #limit: number;
  readonly #make: () => Value;
  readonly #entries = new Map<string, Entry<Value>>();
  #oldest: Entry<Value> | undefined = undefined;
  #latest: Entry<Value> | undefined = undefined;

  constructor(limit: number, make: () => Value) {
    this.#limit = limit;
    this.#make = make;
  }

  /** As it is, without being asked for. */
  get(key: string): Value | undefined {
    return this.#entries.get(key)?.value;
  }

  /** Made, where there is none. */
  ask(key: string): Value {
    let entry = this.#entries.get(key);
    if (entry) {
      if (entry === this.#latest) return entry.value;
      this.#unlink(entry);
    } else {
      entry = { key, value: this.#make(), older: undefined, newer: undefined };
      this.#entries.set(key, entry);
    }
    this.#append(entry);
    if (this.#entries.size > this.#limit && this.#oldest) {
      this.#entries.delete(this.#oldest.key);
      this.#unlink(this.#oldest);
    }
    return entry.value;
  }

  #append(entry: Entry<Value>): void {
    entry.older = this.#latest;
    entry.newer = undefined;
    if (this.#latest) this.#latest.newer = entry;
    else this.#oldest = entry;
    this.#latest = entry;
  }

  #unlink({ older, newer }: Entry<Value>): void {
    if (older) older.newer = newer;
    else this.#oldest = newer;
    if (newer) newer.older = older;
    else this.#latest = older;
  }
}
