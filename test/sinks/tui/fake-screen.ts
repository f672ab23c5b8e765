/** A screen that keeps what is painted on it, and on which a test presses keys. */

import { SHOW_SECRETS } from '../../../src/sinks/secrets.ts';
import type { Frame } from '../../../src/sinks/tui/frame.ts';
import type { Screen, ScreenEvents } from '../../../src/sinks/tui/screen.ts';
import { Tui, type TuiOptions } from '../../../src/sinks/tui/tui.ts';
import { frameText } from '../../../src/sinks/tui/view.ts';
import { UNICODE } from './scenes.ts';

export class FakeScreen implements Screen {
  readonly cols: number;
  readonly rows: number;
  readonly frames: Frame[] = [];
  readonly copied: string[] = [];
  redrawn = 0;
  suspended = 0;
  closed = 0;
  #events: ScreenEvents | undefined;

  constructor(cols = 100, rows = 40) {
    this.cols = cols;
    this.rows = rows;
  }

  readonly open = (events: ScreenEvents): Screen => {
    this.#events = events;
    return this;
  };

  press(...names: readonly string[]): void {
    for (const name of names) this.#events?.key({ name, text: [...name].length === 1 ? name : undefined });
  }

  click(pane: string, line: number): void {
    this.#events?.click(pane, line);
  }

  wheel(by: number): void {
    this.#events?.wheel(by);
  }

  resize(cols: number, rows: number): void {
    this.#events?.size(cols, rows);
  }

  /** The latest frame as text. */
  get text(): string {
    const frame = this.frames.at(-1);
    return frame ? frameText(frame).join('\n') : '';
  }

  paint(frame: Frame): void {
    this.frames.push(frame);
  }

  copy(text: string): void {
    this.copied.push(text);
  }

  redraw(): void {
    this.redrawn++;
  }

  suspend(): void {
    this.suspended++;
  }

  close(): void {
    this.closed++;
  }
}

/** A live run on that screen. */
export function tuiOn(screen: FakeScreen, over: Partial<TuiOptions> = {}): Tui {
  return new Tui({
    mode: 'live',
    name: 'live',
    size: undefined,
    mask: SHOW_SECRETS,
    look: UNICODE,
    open: screen.open,
    explain: () => [],
    save: () => Promise.resolve('Saved it'),
    story: () => 'the story',
    ...over,
  });
}
