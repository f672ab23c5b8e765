/**
 * A gateway under concurrent load, simulated event by event: workers handle what became readable in order, one thing at a
 * time, as nginx does. What a capture would show is acted out on a `World`; the truth is kept beside it.
 */
import type { Incident } from '../../src/model/incident.ts';
import { SECOND } from '../../src/model/time.ts';
import { type Wire, World } from '../kit/world.ts';

/** What happens to an attempt at a peer. Times are the peer's, in milliseconds. */
type Peer = 'refuses' | 'resets' | 'closes-on-accept' | 'answers';

export interface Location {
  readonly path: string;
  /** Tried in this order; none: the gateway answers by itself. */
  readonly peers: readonly { readonly peer: string; readonly does: Peer }[];
  /** The gateway's own answer where there is no peer: a unix socket that fails (502) or a static file (200). */
  readonly own?: number;
}

export interface Truth {
  readonly target: string;
  readonly status: number;
  readonly peers: readonly string[];
}

export interface SimulationOptions {
  readonly locations: readonly Location[];
  readonly requests: number;
  readonly concurrency: number;
  readonly workers: number;
  readonly seed: number;
  /** Targets carry a unique id; without, requests of a location look alike. */
  readonly ids: boolean;
}

interface Act {
  readonly at: number;
  readonly order: number;
  readonly run: (now: number) => void;
}

export function simulate(options: SimulationOptions): { incidents: readonly Incident[]; truth: Map<string, Truth> } {
  return new Simulation(options).run();
}

class Simulation {
  readonly #options: SimulationOptions;
  readonly #world = new World({ settle: 10 * SECOND });
  readonly #truth = new Map<string, Truth>();
  readonly #targets = new Map<Wire, string>();
  readonly #acts: Act[] = [];
  readonly #busyUntil: number[];
  readonly #random: () => number;
  #now = 0;
  #order = 0;
  #started = 0;

  constructor(options: SimulationOptions) {
    this.#options = options;
    this.#busyUntil = new Array<number>(options.workers).fill(0);
    this.#random = mulberry32(options.seed);
  }

  run(): { incidents: readonly Incident[]; truth: Map<string, Truth> } {
    for (let client = 0; client < this.#options.concurrency; client++) {
      this.#soon(this.#random(), () => this.#client());
    }
    for (let act = this.#next(); act; act = this.#next()) {
      this.#world.at(act.at);
      act.run(act.at);
    }
    return { incidents: this.#world.end(), truth: this.#truth };
  }

  /** One request after the other, each on a connection of its own. */
  #client(): void {
    if (this.#started >= this.#options.requests) return;
    const n = this.#started++;
    const { locations, ids } = this.#options;
    const location = locations[Math.floor(this.#random() * locations.length)];
    if (!location) return;
    const target = ids ? `${location.path}/item?id=${n}` : `${location.path}/item`;
    const wire = this.#world.client(target);
    this.#targets.set(wire, target);
    const worker = Math.floor(this.#random() * this.#options.workers);
    this.#work(worker, (now) => this.#serve(wire, location, worker, now));
  }

  #serve(client: Wire, location: Location, worker: number, now: number): void {
    if (location.peers.length === 0) {
      if (location.own === 502) this.#work(worker, () => this.#answer(client, 502, []), this.#random() * 0.3);
      else this.#answer(client, location.own ?? 200, []);
      return;
    }
    this.#attempt(client, location, 0, worker, now);
  }

  #attempt(client: Wire, location: Location, n: number, worker: number, now: number): void {
    const { peers } = location;
    const choice = peers[n];
    if (!choice) return;
    const tried = peers.slice(0, n + 1).map(({ peer }) => peer);
    const failed = (later: number): void => {
      if (n + 1 < peers.length) this.#attempt(client, location, n + 1, worker, later);
      else this.#answer(client, 502, tried);
    };
    const wire = this.#world.attempt(choice.peer);
    const target = this.#targets.get(client) ?? '';
    if (choice.does === 'refuses') {
      this.#at(now + 0.005, () => {
        wire.refuse();
        this.#work(worker, failed);
      });
      return;
    }
    this.#at(now + 0.01, () => {
      wire.accept();
      if (choice.does === 'closes-on-accept') {
        wire.fin('reverse');
        this.#work(worker, failed);
        return;
      }
      this.#work(worker, (sending) => {
        wire.ask(target);
        this.#at(sending + 0.2 + 5 * this.#random() ** 3, () => {
          if (choice.does === 'answers') wire.answer(200);
          else wire.reset('reverse');
          this.#work(worker, choice.does === 'answers' ? () => this.#answer(client, 200, tried) : failed);
        });
      });
    });
  }

  #answer(client: Wire, status: number, peers: readonly string[]): void {
    client.answer(status);
    const { text } = client.connection.active;
    this.#truth.set(text, { target: text, status, peers });
    this.#soon(0.2 + this.#random() * 3, () => this.#client());
  }

  /** The worker turns to it once it is free; handling an event takes some tens of microseconds. */
  #work(worker: number, run: (now: number) => void, delay = 0): void {
    const now = this.#now + delay;
    this.#at(now, () => {
      const start = Math.max(this.#now, this.#busyUntil[worker] ?? 0);
      this.#busyUntil[worker] = start + 0.004 + this.#random() * 0.02;
      this.#at(this.#busyUntil[worker] ?? start, run);
    });
  }

  #soon(delay: number, run: (now: number) => void): void {
    this.#at(this.#now + delay, run);
  }

  #at(at: number, run: (now: number) => void): void {
    this.#acts.push({ at, order: this.#order++, run });
    up(this.#acts);
  }

  #next(): Act | undefined {
    const act = pop(this.#acts);
    if (act) this.#now = act.at;
    return act;
  }
}

function earlier(a: Act | undefined, b: Act | undefined): boolean {
  if (!a || !b) return a !== undefined;
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}

/** A binary heap's two moves. */
function up(heap: Act[]): void {
  for (let at = heap.length - 1; at > 0; ) {
    const parent = (at - 1) >> 1;
    if (!earlier(heap[at], heap[parent])) return;
    swap(heap, at, parent);
    at = parent;
  }
}

function pop(heap: Act[]): Act | undefined {
  const [first] = heap;
  const last = heap.pop();
  if (!first || !last || heap.length === 0) return first;
  heap[0] = last;
  for (let at = 0; ; ) {
    const child = earlier(heap[2 * at + 2], heap[2 * at + 1]) ? 2 * at + 2 : 2 * at + 1;
    if (child >= heap.length || !earlier(heap[child], heap[at])) return first;
    swap(heap, at, child);
    at = child;
  }
}

function swap(heap: Act[], one: number, other: number): void {
  const [a, b] = [heap[one], heap[other]];
  if (!a || !b) return;
  heap[one] = b;
  heap[other] = a;
}

function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
