/**
 * The text report. Of a file: summary first, then stories, bounded per cause and peer. Of a pipe: each story as it
 * settles, the summary when the pipe ends. Only rendered text is held, never verdicts.
 */
import type { Verdict } from '../../model/verdict.ts';
import type { DocumentContext } from '../document.ts';
import type { Output } from '../output.ts';
import type { RunFacts, VerdictSink } from '../sink.ts';
import { type Row, Tally } from '../tally.ts';
import { peerText, writeAlsoHidden, writeHeader, writeNothingFound, writeRows } from './overview.ts';
import { Page, type PageOptions } from './page.ts';
import { type Said, writeHeadline, writeStory } from './story.ts';
import { countText, plural } from './words.ts';

/** Stories told of one cause at one peer: one may be odd, two a coincidence, three show the pattern. */
export const STORIES_PER_ROW = 3;
/** Stories of hidden failures in all: they did not hurt a client yet. */
export const MASKED_STORIES = 3;
/** Text of stories held until the summary can be printed; beyond it stories come first and the summary last. */
export const HELD_LETTERS: number = 4 * 1024 * 1024;

export interface ReportOptions extends PageOptions {
  /** Tell each story as it settles, the summary at the end. */
  readonly live: boolean;
  /** Every story, every row. */
  readonly all: boolean;
  /** Text held before stories are told as they settle; HELD_LETTERS where not given. */
  readonly heldLimit?: number;
}

export function textSink(output: Output, context: () => DocumentContext, options: ReportOptions): VerdictSink {
  const report = new Report(output, context, options);
  return {
    verdict: (verdict) => report.verdict(verdict),
    loss: () => {},
    end: (run) => report.end(run),
  };
}

interface Told {
  readonly stories: string[];
  readonly said: Said;
}

class Report {
  readonly #output: Output;
  readonly #context: () => DocumentContext;
  readonly #options: ReportOptions;
  readonly #page: Page;
  readonly #incidents = new Tally();
  readonly #masked = new Tally();
  readonly #told = new Map<Row, Told>();
  #maskedTold = 0;
  #held = 0;
  #live: boolean;
  /** The last thing told live was a single line. */
  #lines = false;

  constructor(output: Output, context: () => DocumentContext, options: ReportOptions) {
    this.#output = output;
    this.#context = context;
    this.#options = options;
    this.#page = new Page(options);
    this.#live = options.live;
  }

  verdict(verdict: Verdict): void {
    const masked = verdict.incident.kind === 'masked';
    const row = (masked ? this.#masked : this.#incidents).add(verdict);
    if (masked) this.#hold(row, verdict, this.#maskedTold < MASKED_STORIES && row.count === 1);
    else if (this.#live) this.#tell(row, verdict);
    else this.#hold(row, verdict, row.count <= STORIES_PER_ROW);
  }

  end(run: RunFacts): void {
    const page = this.#page;
    const totals = { incidents: this.#incidents, masked: this.#masked };
    const { all } = this.#options;
    if (this.#lines) page.blank();
    writeHeader(page, run, totals);
    if (this.#incidents.count === 0) writeNothingFound(page, run);
    else {
      page.blank();
      writeRows(page, this.#incidents, run, { all, statuses: false });
      writeAlsoHidden(page, run);
      this.#write(page.take());
      if (!this.#live) this.#stories(this.#incidents);
    }
    if (this.#masked.count > 0) this.#maskedSection(run);
    this.#closing();
    this.#write(page.take());
    this.#output.flush();
  }

  /** Live: the first few of a kind as stories, then a line each. */
  #tell(row: Row, verdict: Verdict): void {
    const page = this.#page;
    if (this.#options.all || row.count <= STORIES_PER_ROW) {
      if (this.#lines) page.blank();
      this.#lines = false;
      writeStory(page, verdict, this.#context(), this.#toldOf(row, verdict).said);
      if (row.count === STORIES_PER_ROW && !this.#options.all) {
        page.paragraph('From here on one line for each of this kind; --all tells every story.', {
          indent: 6,
          role: 'quiet',
        });
      }
      page.blank();
    } else {
      this.#lines = true;
      writeHeadline(page, verdict, this.#context());
    }
    this.#write(page.take());
    this.#output.flush();
  }

  #hold(row: Row, verdict: Verdict, wanted: boolean): void {
    if (!wanted && !this.#options.all) return;
    const { stories, said } = this.#toldOf(row, verdict);
    writeStory(this.#page, verdict, this.#context(), said);
    const story = this.#page.take();
    if (verdict.incident.kind === 'masked') {
      if (this.#held + story.length > this.#limit()) return;
      this.#maskedTold++;
    }
    stories.push(story);
    this.#held += story.length;
    if (this.#held > this.#limit()) this.#goLive();
  }

  #limit(): number {
    return this.#options.heldLimit ?? HELD_LETTERS;
  }

  #toldOf(row: Row, { incident }: Verdict): Told {
    const known = this.#told.get(row);
    if (known) return known;
    const told: Told = { stories: [], said: { first: incident.id, texts: new Set() } };
    this.#told.set(row, told);
    return told;
  }

  /** Too many stories to hold: tell them now, the summary comes last. */
  #goLive(): void {
    this.#live = true;
    this.#page.paragraph('Many stories: they come first, the summary last.', { indent: 0, role: 'quiet' });
    this.#page.blank();
    this.#write(this.#page.take());
    for (const row of this.#incidents.rows.values()) {
      for (const story of this.#told.get(row)?.stories ?? []) this.#write(`${story}\n`);
      this.#told.delete(row);
    }
  }

  #stories(tally: Tally): void {
    const page = this.#page;
    for (const row of tally.sorted()) {
      const stories = this.#told.get(row)?.stories ?? [];
      if (stories.length === 0) continue;
      const left = row.count - stories.length;
      if (tally.count > 1) {
        page.blank();
        const place = row.peer === '' ? '' : ` at ${peerText(row)}`;
        page.paragraph(`${row.cause}${place}: ${countText(row.count)}`, { indent: 0, role: 'title' });
      }
      this.#write(page.take());
      for (const story of stories) this.#write(`\n${story}`);
      if (left > 0 && !this.#options.all) {
        page.blank();
        page.paragraph(`${plural(left, 'more story', 'more stories')} of this kind: --all tells them`, {
          indent: 6,
          role: 'quiet',
        });
      }
    }
    this.#write(page.take());
  }

  #maskedSection(run: RunFacts): void {
    const page = this.#page;
    page.blank();
    page.paragraph(
      `Hidden: ${plural(this.#masked.count, 'request')} with a failed attempt whose client did not get a 502`,
      { indent: 0, role: 'title' },
    );
    page.blank();
    writeRows(page, this.#masked, run, { all: this.#options.all, statuses: true });
    this.#write(page.take());
    for (const row of this.#masked.sorted()) {
      for (const story of this.#told.get(row)?.stories ?? []) this.#write(`\n${story}`);
    }
  }

  #closing(): void {
    const cause = this.#incidents.sorted()[0]?.cause ?? this.#masked.sorted()[0]?.cause;
    if (cause === undefined) return;
    this.#page.blank();
    this.#page.paragraph(`What a cause means: why502 explain ${cause}`, {
      indent: 0,
      role: 'quiet',
    });
  }

  #write(text: string): void {
    if (text !== '') this.#output.write(text);
  }
}
