/**
 * Listens to a pipe with this host's clocks, so that capture time goes on while it is silent (sinks/silence.ts). A pipe is
 * silent only while everything in it has been read: of one that is read too slowly, the records alone tell the time. To go by
 * the clock then would settle each verdict with a shorter window than it needs, the shorter the busier this host is.
 *
 * Where pieces keep coming, they wait for the next look: many small ones, each with what follows from it, cost much more than
 * all of them at once, since a busy host has other things in its caches each time.
 */
import { SILENCE_AHEAD, SILENCE_PERIOD_MS } from '../config.ts';
import type { Nanos } from '../model/time.ts';
import { Silence } from '../sinks/silence.ts';
import { captureTime, monotonicTime } from './clock.ts';

export class PipeSilence {
  readonly #silence: Silence;
  readonly #timer: NodeJS.Timeout;
  #listening: NodeJS.Immediate | undefined = undefined;
  #pieces = 0;
  #arrived: Nanos = 0;
  /** Pieces there were at the last look, and whether those that come now wait for the next one. */
  #seen = 0;
  #gathers = false;
  #goOn: (() => void) | undefined = undefined;

  constructor(tick: (now: Nanos) => void) {
    this.#silence = new Silence(tick, { ahead: SILENCE_AHEAD });
    this.#timer = setInterval(() => this.#period(), SILENCE_PERIOD_MS);
  }

  /** A piece came, whose records are handed on once it is its turn. */
  arrived(): void {
    this.#pieces++;
    this.#arrived = monotonicTime();
  }

  /** When the piece that came is to be handed on; `undefined`: at once. */
  turn(): Promise<void> | undefined {
    if (!this.#gathers) return undefined;
    return new Promise((resolve) => {
      this.#goOn = resolve;
    });
  }

  /**
   * They were handed on, the latest of them of capture time `latest`. More may follow at once, however little came: a writer that
   * waited for room in the pipe goes on only now.
   */
  handedOn(latest: Nanos, epoch: bigint): void {
    const clock = captureTime(epoch) - (monotonicTime() - this.#arrived);
    this.#silence.broken(latest, this.#arrived, clock);
  }

  stop(): void {
    clearInterval(this.#timer);
    clearImmediate(this.#listening);
    this.#goOn?.();
  }

  /** What has gathered is handed on first, and what the pipe held back meanwhile. */
  #period(): void {
    const goOn = this.#goOn;
    if (!goOn) {
      this.#listen();
      return;
    }
    this.#goOn = undefined;
    this.#gathers = false;
    goOn();
    this.#listening = setImmediate(() => this.#listen());
  }

  /** What waits in the pipe is read between a timer and what is done immediately after. */
  #listen(): void {
    const [pieces, now] = [this.#pieces, monotonicTime()];
    this.#listening = setImmediate(() => {
      if (this.#pieces !== pieces) return;
      this.#silence.look(now);
      this.#gathers = pieces !== this.#seen;
      this.#seen = pieces;
    });
  }
}
