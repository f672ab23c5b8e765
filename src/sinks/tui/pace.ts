/**
 * When the next frame may be drawn. News is drawn at once where the screen was quiet, and at most four frames come in any
 * second that nobody asked for: a slow line is not to be filled. Times are milliseconds of any clock.
 */

/** What a frame is wanted for: a key was pressed, something happened, or figures only went on. */
export type Occasion = 'key' | 'news' | 'figures';

/** Between any two frames. */
const LEAST_MS = 50;
/** Between two frames of news, and before one of figures. */
const NEWS_MS = 250;
const FIGURES_MS = 500;
/** Unasked frames in any second. */
const MOST = 4;
const SECOND_MS = 1000;

export class Pace {
  #last = Number.NEGATIVE_INFINITY;
  #news = Number.NEGATIVE_INFINITY;
  /** The latest unasked ones, oldest first. */
  #unasked: number[] = [];

  /** The earliest moment for a frame on this occasion. */
  due(occasion: Occasion): number {
    if (occasion === 'key') return this.#last + LEAST_MS;
    const full = this.#unasked.length < MOST ? Number.NEGATIVE_INFINITY : (this.#unasked[0] as number) + SECOND_MS;
    if (occasion === 'figures') return Math.max(this.#last + FIGURES_MS, full);
    return Math.max(this.#last + LEAST_MS, this.#news + NEWS_MS, full);
  }

  drawn(now: number, occasion: Occasion): void {
    this.#last = now;
    if (occasion === 'news') this.#news = now;
    if (occasion === 'key') return;
    this.#unasked.push(now);
    if (this.#unasked.length > MOST) this.#unasked.shift();
  }
}
