/**
 * The terminal UI as a sink: verdicts go into the book, keys into the reducer, and now and then a frame goes out. Draws
 * when something changed, at a pace (`pace.ts`); a key is answered at once.
 */
import type { Exchange } from '../../model/exchange.ts';
import type { Loss } from '../../model/source-record.ts';
import type { Nanos } from '../../model/time.ts';
import type { Verdict } from '../../model/verdict.ts';
import { safeName } from '../safe-text.ts';
import type { Mask } from '../secrets.ts';
import type { RunFacts, VerdictSink } from '../sink.ts';
import { Book } from './book.ts';
import type { Look } from './frame.ts';
import { commandOf, type Key, type Request } from './keys.ts';
import { type Occasion, Pace } from './pace.ts';
import { NO_RUN, type RunState, type Scene, selectedEntry, visibleEntries } from './scene.ts';
import type { Screen, ScreenEvents } from './screen.ts';
import { type Command, initialUi, type Lists, topOf, type Ui, update } from './ui.ts';
import { listsOf, view } from './view.ts';

/** Between two looks at the run: clocks, rates, memory. */
const LOOK_MS = 1000;
/** A notice gives the keys their line back after a while. */
const NOTICE_MS = 6000;
/** Messages kept to be shown, and told once the terminal is as it was. */
const MESSAGES_LIMIT = 20;

/** What the run says of itself whenever it is looked at. */
export type RunFigures = Pick<
  RunState,
  | 'interfaces'
  | 'rungs'
  | 'gateways'
  | 'named'
  | 'listening'
  | 'requests'
  | 'frames'
  | 'octets'
  | 'started'
  | 'now'
  | 'counters'
  | 'captureCpu'
  | 'tables'
> & { readonly epoch: bigint };

export interface TuiOptions {
  readonly mode: RunState['mode'];
  readonly name: string;
  readonly size: number | undefined;
  readonly mask: Mask;
  readonly look: Look;
  readonly open: (events: ScreenEvents) => Screen;
  readonly explain: Scene['explain'];
  /** Writes packets and story of an incident; says where, or why not. */
  readonly save: (verdict: Verdict) => Promise<string>;
  /** The story as text. */
  readonly story: (verdict: Verdict) => string;
}

export class Tui implements VerdictSink {
  /** The user is done. */
  readonly quit: Promise<void>;
  readonly #options: TuiOptions;
  readonly #book: Book;
  readonly #screen: Screen;
  readonly #messages: string[] = [];
  readonly #timer: NodeJS.Timeout;
  #figures: (() => RunFigures) | undefined;
  #ui: Ui;
  #run: RunState;
  #epoch = 0n;
  #offset: number;
  /** When the last records came, by this process's clock, in milliseconds. */
  #heard = performance.now();
  #requestsBefore = 0;
  readonly #opened = performance.now();
  #looked = performance.now();
  /** When the latest notice was shown. */
  #told = 0;
  #cpu = process.cpuUsage();
  readonly #pace = new Pace();
  #first: number | undefined;
  #pending: { readonly timer: NodeJS.Timeout; readonly due: number } | undefined;
  #closed = false;
  #quit: () => void = () => {};

  constructor(options: TuiOptions) {
    this.#options = options;
    const live = options.mode !== 'file';
    this.#book = new Book({ mask: options.mask, live });
    this.quit = new Promise((resolve) => {
      this.#quit = resolve;
    });
    this.#screen = options.open({
      key: (key) => this.#key(key),
      size: (cols, rows) => this.#command({ do: 'size', cols, rows }),
      click: (pane, line) => this.#click(pane, line),
      wheel: (by) => this.#command({ do: 'move', by }),
    });
    this.#ui = initialUi(this.#screen.cols, this.#screen.rows);
    this.#offset = -new Date().getTimezoneOffset();
    const { mode, name, size } = options;
    this.#run = { ...NO_RUN, mode, name, size, memory: process.memoryUsage.rss() };
    this.#timer = setInterval(() => this.#look(), LOOK_MS);
    this.#draw('figures');
  }

  /** Where figures come from, once the run has begun. */
  follow(figures: () => RunFigures): void {
    this.#figures = figures;
    this.#run = { ...this.#run, begun: true };
    this.#look();
  }

  /** Records came. */
  heard(): void {
    this.#heard = performance.now();
    this.#wish('figures');
  }

  early(exchange: Exchange, verdict: Verdict | undefined): void {
    this.#book.early(exchange, verdict);
    this.#wish('news');
  }

  withdrawn(exchange: Exchange): void {
    this.#book.withdrawn(exchange);
    this.#wish('news');
  }

  attempted(exchange: Exchange): void {
    this.#book.attempted(exchange);
  }

  leftOut(at: Nanos, server: string, requests: number): void {
    this.#book.leftOut(at, server, requests);
  }

  verdict(verdict: Verdict): void {
    this.#book.verdict(verdict);
    this.#wish('news');
  }

  loss(loss: Loss): void {
    this.#book.loss(loss);
    this.#wish('news');
  }

  end(run: RunFacts): void {
    if (run.damage) this.say(`${run.damage.text} at offset ${run.damage.offset}. ${run.damage.remedy}`);
    this.#look();
    this.#run = { ...this.#run, ended: true };
    this.#wish('news');
  }

  /** A line that is no data: shown now, and told again when the terminal is as it was. */
  say(text: string): void {
    this.#messages.push(safeName(text));
    if (this.#messages.length > MESSAGES_LIMIT) this.#messages.shift();
    this.#run = { ...this.#run, messages: [...this.#messages] };
    this.#command({ do: 'notice', text: safeName(text), role: 'warn' });
  }

  /** As if the user had pressed q. */
  finish(): void {
    this.#quit();
  }

  /** The terminal as it was; what was said meanwhile, to be said again. May be called twice. */
  close(): readonly string[] {
    if (this.#closed) return [];
    this.#closed = true;
    clearInterval(this.#timer);
    clearTimeout(this.#pending?.timer);
    this.#screen.close();
    this.#quit();
    return this.#messages;
  }

  /** Counts for the line that closes the run, if that was read to its end. */
  get counts(): Readonly<Record<'found' | 'hidden' | 'requests', number>> & { readonly ended: boolean } {
    const { ended, requests } = this.#run;
    return { ended, found: this.#book.found, hidden: this.#book.masked.count, requests };
  }

  #key(key: Key): void {
    const command = commandOf(key, this.#ui);
    if (command === undefined) return;
    if (typeof command === 'string') this.#request(command);
    else this.#command(command);
  }

  /** The heading of the list is no line of it. */
  #click(pane: string, line: number): void {
    this.#command({ do: 'pick', pane, line: pane === 'incidents' ? line - 1 : line });
  }

  #command(command: Command): void {
    if (this.#closed) return;
    if (command.do === 'notice') this.#told = performance.now();
    this.#ui = update(this.#ui, command, this.#lists());
    this.#wish('key');
  }

  #request(request: Request): void {
    const verdict = selectedEntry({ ui: this.#ui, book: this.#book })?.verdict;
    const notice = (text: string): void => this.#command({ do: 'notice', text, role: 'accent' });
    switch (request) {
      case 'quit':
        this.#quit();
        return;
      case 'redraw':
        this.#screen.redraw();
        return;
      case 'suspend':
        this.#screen.suspend();
        return;
      case 'copy':
        if (verdict) this.#screen.copy(this.#options.story(verdict));
        notice(verdict ? 'Story copied, where the terminal allows it.' : 'Select an incident first.');
        return;
      case 'save':
        if (!verdict) notice('Select an incident first.');
        else this.#save(verdict, notice);
    }
  }

  #save(verdict: Verdict, notice: (text: string) => void): void {
    notice('Saving...');
    this.#options.save(verdict).then(notice, (error: Error) => notice(`Not saved: ${safeName(error.message)}`));
  }

  /** Asks for a frame as soon as there may be one. */
  #wish(occasion: Occasion): void {
    if (this.#closed) return;
    const due = this.#pace.due(occasion);
    if (this.#pending && this.#pending.due <= due) return;
    clearTimeout(this.#pending?.timer);
    const timer = setTimeout(() => this.#draw(occasion), Math.max(0, due - performance.now()));
    this.#pending = { timer, due };
  }

  #draw(occasion: Occasion): void {
    this.#pending = undefined;
    if (this.#closed) return;
    this.#pull();
    const scene = this.#scene();
    this.#screen.paint(view(scene));
    const visible = this.#ui.screen === 'hunt' ? visibleEntries(scene) : [];
    this.#first = visible[topOf(this.#ui, numbersOf(visible))]?.number ?? this.#first;
    this.#pace.drawn(performance.now(), occasion);
  }

  #lists(): Lists {
    return listsOf(this.#scene(), this.#first);
  }

  #scene(): Scene {
    const { look, explain } = this.#options;
    const clock = { mode: this.#ui.clock, epoch: this.#epoch, now: this.#run.now, offset: this.#offset };
    return { ui: this.#ui, book: this.#book, run: this.#run, look, clock, explain };
  }

  /** The run's figures, as they stand. */
  #pull(): void {
    const figures = this.#figures?.();
    if (!figures || this.#run.ended) return;
    this.#epoch = figures.epoch;
    const silence = (performance.now() - this.#heard) * 1e6;
    // On a quiet line time goes on.
    const file = this.#options.mode === 'file';
    const now = file ? figures.now : figures.now + silence;
    const elapsed = file ? figures.now - figures.started : (performance.now() - this.#opened) * 1e6;
    this.#run = { ...this.#run, ...figures, now, elapsed, silence };
  }

  /** Once a second: rates, memory, time used. */
  #look(): void {
    this.#pull();
    const now = performance.now();
    const seconds = (now - this.#looked) / 1000;
    if (seconds >= LOOK_MS / 2000) {
      const perSecond = Math.max(0, (this.#run.requests - this.#requestsBefore) / seconds);
      const used = process.cpuUsage(this.#cpu);
      const cpu = (used.user + used.system) / 1e6 / seconds;
      this.#cpu = process.cpuUsage();
      this.#looked = now;
      this.#requestsBefore = this.#run.requests;
      this.#run = { ...this.#run, perSecond, cpu, memory: process.memoryUsage.rss() };
      if (!this.#run.ended) this.#book.rate(perSecond);
    }
    if (this.#ui.notice && now - this.#told >= NOTICE_MS) this.#command({ do: 'noticed' });
    if (!this.#run.ended || this.#ui.screen === 'health') this.#wish('figures');
  }
}

function numbersOf(entries: readonly { readonly number: number }[]): number[] {
  return entries.map(({ number }) => number);
}
