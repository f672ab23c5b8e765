/** A share of one processor's time that may not be exceeded, as the capture program keeps its own (native/src/budget.c). Pure. */

/** What was not used is forgotten after this long: an idle night allows no busy morning. */
const PERIOD_MS = 1000;

export class Share {
  readonly #percent: number;
  /** Since when it is counted, and what had been used by then. */
  #since: number | undefined;
  #before = 0;

  constructor(percent: number) {
    this.#percent = percent;
  }

  /** How long to rest. @param used processor time taken so far; all in milliseconds */
  rest(now: number, used: number): number {
    if (this.#since === undefined) this.#count(now, used);
    const since = this.#since ?? now;
    const needed = ((used - this.#before) * 100) / this.#percent;
    if (needed > PERIOD_MS && since + needed > now) return since + needed - now;
    if (now - since >= PERIOD_MS) this.#count(now, used);
    return 0;
  }

  #count(now: number, used: number): void {
    this.#since = now;
    this.#before = used;
  }
}
