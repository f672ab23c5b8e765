/**
 * All that the UI knows of a run, bounded: the newest incidents, counts of all of them, peers, rates. It fills while
 * verdicts settle; views read it.
 */
import type { Exchange } from '../../model/exchange.ts';
import type { Loss } from '../../model/source-record.ts';
import { type Nanos, SECOND } from '../../model/time.ts';
import type { Verdict } from '../../model/verdict.ts';
import { answeredAt } from '../document.ts';
import type { Mask } from '../secrets.ts';
import { Tally } from '../tally.ts';
import type { Entry } from './entry.ts';
import { Peers } from './peers.ts';
import { Timeline } from './timeline.ts';

/** Incidents that can be looked at: hours of a bad night. All are counted, the oldest go. */
export const ENTRIES_LIMIT = 5000;
/** Live, width of a bucket of the chart. */
const LIVE_BUCKET: Nanos = SECOND;
/** Of a file, to begin with; it widens with the capture. */
const FILE_BUCKET: Nanos = 1e4;
/** Samples of the request rate kept: five minutes. */
export const RATES_KEPT = 300;

export class Book {
  readonly mask: Mask;
  readonly live: boolean;
  readonly incidents: Tally = new Tally();
  readonly masked: Tally = new Tally();
  readonly peers: Peers = new Peers();
  readonly timeline: Timeline;
  /** Oldest first. */
  entries: Entry[] = [];
  /** Entries that were let go. */
  dropped = 0;
  lost = 0;
  /** Requests a second, oldest first. */
  rates: number[] = [];
  /** Changes with every change of what is known. */
  version = 0;
  #numbers = 0;
  readonly #open = new Map<Exchange, Entry>();

  constructor({ mask, live }: { readonly mask: Mask; readonly live: boolean }) {
    this.mask = mask;
    this.live = live;
    this.timeline = new Timeline({ bucket: live ? LIVE_BUCKET : FILE_BUCKET, sliding: live });
  }

  /** Settled incidents, and those whose verdict is still open. */
  get found(): number {
    return this.incidents.count + this.#open.size;
  }

  /** The number of the newest entry. */
  get newest(): number {
    return this.#numbers;
  }

  /** A 502 has just left the gateway: what can be said at once. */
  early(exchange: Exchange, verdict: Verdict | undefined): void {
    const entry = this.#add(exchange, verdict, true);
    this.#open.set(exchange, entry);
  }

  /** It was no incident after all. */
  withdrawn(exchange: Exchange): void {
    const entry = this.#open.get(exchange);
    if (!entry) return;
    this.#open.delete(exchange);
    const at = this.entries.lastIndexOf(entry);
    if (at >= 0) this.entries.splice(at, 1);
    this.version++;
  }

  verdict(verdict: Verdict): void {
    const { incident, finding } = verdict;
    const { exchange } = incident;
    this.peers.judged(verdict);
    if (incident.kind === 'masked') this.masked.add(verdict);
    else {
      this.incidents.add(verdict);
      this.timeline.add(finding.cause, answeredAt(exchange, incident.settled).at);
    }
    const entry = this.#open.get(exchange);
    if (!entry) {
      this.#add(exchange, verdict, false);
      return;
    }
    this.#open.delete(exchange);
    entry.verdict = verdict;
    entry.provisional = false;
    entry.words = undefined;
    this.version++;
  }

  attempted(exchange: Exchange): void {
    this.peers.attempted(exchange);
  }

  leftOut(at: Nanos, server: string, requests: number): void {
    this.peers.leftOut(at, server, requests);
  }

  loss(loss: Loss): void {
    this.lost += loss.count;
    this.version++;
  }

  rate(perSecond: number): void {
    this.rates.push(perSecond);
    if (this.rates.length > RATES_KEPT) this.rates.shift();
    this.version++;
  }

  entry(number: number | undefined): Entry | undefined {
    const at = number === undefined ? -1 : this.#indexOf(number);
    return at >= 0 ? this.entries[at] : undefined;
  }

  #indexOf(number: number): number {
    let low = 0;
    let high = this.entries.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const found = (this.entries[middle] as Entry).number;
      if (found === number) return middle;
      if (found < number) low = middle + 1;
      else high = middle - 1;
    }
    return -1;
  }

  #add(exchange: Exchange, verdict: Verdict | undefined, provisional: boolean): Entry {
    const entry: Entry = { number: ++this.#numbers, exchange, verdict, provisional, words: undefined };
    this.entries.push(entry);
    // In pieces: to move all of them for each one that comes would be slower than all else here.
    if (this.entries.length > ENTRIES_LIMIT + ENTRIES_LIMIT / 10) {
      const gone = this.entries.splice(0, this.entries.length - ENTRIES_LIMIT);
      this.dropped += gone.length;
    }
    this.version++;
    return entry;
  }
}
