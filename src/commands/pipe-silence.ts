/**
 * Listens to a pipe with this host's clocks, so that capture time goes on while it is silent (sinks/silence.ts). A pipe is
 * silent only while everything in it has been read: of one that is read too slowly, the records alone tell the time. To go by
 * the clock then would settle each verdict with a shorter window than it needs, the shorter the busier this host is.
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

  constructor(tick: (now: Nanos) => void) {
    this.#silence = new Silence(tick, { ahead: SILENCE_AHEAD });
    this.#timer = setInterval(() => this.#listen(), SILENCE_PERIOD_MS);
  }

  /** A piece came, whose records are handed on next. */
  arrived(): void {
    this.#pieces++;
    this.#arrived = monotonicTime();
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
  }

  /** What waits in the pipe is read between a timer and what is done immediately after. */
  #listen(): void {
    const [pieces, now] = [this.#pieces, monotonicTime()];
    this.#listening = setImmediate(() => {
      if (this.#pieces === pieces) this.#silence.look(now);
    });
  }
}
