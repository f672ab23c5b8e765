/** One capture under analysis, from its first record to its report: the same for a file, a pipe and a live run. */
import { fstatSync, statSync } from 'node:fs';
import { EXIT, INTERRUPT_GRACE_MS, SETTLE_FILE, SETTLE_PIPE, SETTLE_WITNESSED } from '../config.ts';
import type { Nanos } from '../model/time.ts';
import type { Pipeline } from '../pipeline.ts';
import type { DocumentContext } from '../sinks/document.ts';
import type { EvidencePlans } from '../sinks/evidence.ts';
import type { Output } from '../sinks/output.ts';
import type { Progress } from '../sinks/progress.ts';
import { safeName } from '../sinks/safe-text.ts';
import type { VerdictSink } from '../sinks/sink.ts';
import type { LiveStream } from '../sources/capture/program.ts';
import type { CaptureSummary, ReadOptions } from '../sources/capture-file.ts';
import type { InputFailure } from '../sources/failure.ts';
import { monotonicTime } from './clock.ts';
import type { World } from './command.ts';
import { PipeSilence } from './pipe-silence.ts';
import type { ReportConfig } from './report-options.ts';
import type { RunningTui } from './tui.ts';
import { unwritable } from './unwritable.ts';

export interface AnalysisConfig extends ReportConfig {
  /** As endpoints are printed; empty: found in the capture. */
  readonly gateways: readonly string[];
  readonly saveEvidence: string | undefined;
  /** Times are those at which packets arrived here. */
  readonly arrivalTimes?: boolean;
}

/** What an analysis may go with. */
export interface Company {
  /** The capture under way that is read instead of a file. */
  readonly live?: LiveStream | undefined;
  readonly tui?: RunningTui | undefined;
}

export class Analysis {
  /** Something was written about it. */
  reported = false;
  readonly #file: string;
  readonly #config: AnalysisConfig;
  /** The capture under way that is read instead of a file. */
  readonly #live: LiveStream | undefined;
  readonly #tui: RunningTui | undefined;
  readonly #world: World;
  readonly #output: Output;
  readonly #pipe: boolean;
  readonly #stop = new AbortController();
  #epoch = 0n;
  #found = 0;
  /** The user wants it to end: before there was a capture, too. */
  #ordered = false;

  constructor(file: string, config: AnalysisConfig, world: World, output: Output, { live, tui }: Company = {}) {
    this.#file = file;
    this.#config = config;
    this.#world = world;
    this.#output = output;
    this.#live = live;
    this.#tui = tui;
    this.#pipe = live !== undefined || isPipe(file);
  }

  async run(): Promise<number> {
    const { gateways, showSecrets, saveEvidence, arrivalTimes = false } = this.#config;
    const { MASK_SECRETS, SHOW_SECRETS } = await import('../sinks/secrets.ts');
    const mask = showSecrets ? SHOW_SECRETS : MASK_SECRETS;
    const plans =
      saveEvidence === undefined ? undefined : new (await import('../sinks/evidence.ts')).EvidencePlans(mask);
    const sink = await this.#sink(() => ({ file: this.#file, epoch: this.#epoch, mask }));
    const { createPipeline } = await import('../pipeline.ts');
    const windows = this.#pipe ? { settle: SETTLE_PIPE, settleWitnessed: SETTLE_WITNESSED } : { settle: SETTLE_FILE };
    const pipeline = createPipeline(
      { gateways, ...windows, arrivalTimes },
      {
        verdict: (verdict) => {
          if (verdict.incident.kind === 'incident') this.#found++;
          plans?.add(verdict);
          sink.verdict(verdict);
        },
        loss: (loss) => sink.loss(loss),
        watch: this.#tui?.tui,
      },
    );
    const summary = await this.#read(pipeline);
    if (summary.kind === 'failure') {
      // Of our own capture program: it said on standard error why there is nothing to read.
      if (!this.#live) this.#world.say(`why502: ${safeName(summary.cause)}. ${summary.remedy}`);
      return this.#live && this.#ordered ? EXIT.done : EXIT.unreadable;
    }
    this.#epoch = summary.epoch;
    this.reported = true;
    pipeline.end();
    await this.#report(sink, summary, pipeline);
    // A capture that is over stays to be looked at; a live run has ended with its capture program.
    if (!this.#live) await this.#tui?.quit;
    const code = this.#ending(summary);
    if (!plans || saveEvidence === undefined || this.#world.interrupt.aborted) return code;
    return Math.max(code, await this.#saveEvidence(plans, saveEvidence));
  }

  async #sink(context: () => DocumentContext): Promise<VerdictSink> {
    const { format, colour, all } = this.#config;
    if (this.#tui) return this.#tui.tui;
    const output = this.#output;
    if (format === 'ndjson') return (await import('../sinks/ndjson.ts')).ndjsonSink(output, context);
    if (format === 'json') return (await import('../sinks/json.ts')).jsonSink(output, context);
    const { textSink } = await import('../sinks/text/report.ts');
    const { pageOptions } = await import('../sinks/text/page.ts');
    const page = pageOptions(this.#world.stdout, this.#world.env, colour);
    return textSink(output, context, { ...page, live: this.#pipe, all });
  }

  async #read(pipeline: Pipeline): Promise<CaptureSummary | InputFailure> {
    const { readCapture, readCaptureStream } = await import('../sources/capture-file.ts');
    const progress = await this.#progress();
    const silence = this.#pipe ? new PipeSilence((now) => this.#silent(pipeline, now)) : undefined;
    const records = this.#tui?.follow(pipeline, { epoch: () => this.#epoch, live: this.#live }) ?? pipeline;
    const onInterrupt = (): void => this.#interrupted();
    this.#world.interrupt.addEventListener('abort', onInterrupt);
    void this.#tui?.quit.then(onInterrupt);
    try {
      const options: ReadOptions = {
        signal: this.#stop.signal,
        epoch: (epoch) => {
          this.#epoch = epoch;
        },
        batch: (latest) => {
          this.#tui?.heard(latest);
          silence?.handedOn(latest, this.#epoch);
          if (this.#pipe) this.#output.flush();
          if (this.#output.closed) this.#stop.abort();
        },
        progress: (octets) => {
          silence?.arrived();
          this.#tui?.read(octets);
          progress?.update(octets, this.#found, monotonicTime());
        },
      };
      if (this.#live) return await readCaptureStream(this.#file, this.#live.stream, records, options);
      return await readCapture(this.#file, records, options);
    } finally {
      progress?.done();
      silence?.stop();
      this.#world.interrupt.removeEventListener('abort', onInterrupt);
    }
  }

  #silent(pipeline: Pipeline, now: Nanos): void {
    pipeline.tick(now);
    this.#output.flush();
  }

  /**
   * Our own program is asked to end and writes out what it holds: all of it is told, however long that takes, unless the user
   * asks again. A pipe's writer was interrupted by the same key, and may flush for a moment.
   */
  #interrupted(): void {
    this.#ordered = true;
    if (this.#live) this.#live.stop();
    else if (this.#pipe) setTimeout(() => this.#stop.abort(), INTERRUPT_GRACE_MS).unref();
    else this.#stop.abort();
  }

  async #progress(): Promise<Progress | undefined> {
    const { stderr } = this.#world;
    if (stderr.isTTY !== true || this.#tui) return undefined;
    if (this.#pipe) {
      const typed = this.#live === undefined && statOf(this.#file)?.isCharacterDevice() === true;
      if (this.#live) this.#world.say('Ctrl-C ends it with a summary.');
      else if (this.#config.format === 'text' && !typed) {
        this.#world.say('Reading from a pipe; Ctrl-C ends it with a summary.');
      }
      return undefined;
    }
    const { progressLine } = await import('../sinks/progress.ts');
    const size = sizeOf(this.#file);
    const options = { file: this.#file, size, width: stderr.columns ?? 80, started: monotonicTime() };
    return progressLine((text) => stderr.write(text), options);
  }

  async #report(sink: VerdictSink, summary: CaptureSummary, pipeline: Pipeline): Promise<void> {
    const { flatCounters } = await import('../sinks/summary.ts');
    const { epoch, earliest, latest, octets, frames, lost, damage, aborted } = summary;
    const counters = pipeline.counters();
    sink.end({
      file: this.#file,
      gateways: this.#config.gateways,
      epoch,
      started: earliest,
      ended: latest,
      octets,
      frames,
      requests: counters.incidents.requests,
      lost,
      counters: flatCounters(counters),
      damage,
      interrupted: aborted,
    });
  }

  #ending({ damage, aborted }: CaptureSummary): number {
    if (damage) {
      const what = damage.kind === 'cut-short' ? 'cut short' : 'damaged';
      const where = `${what} at offset ${damage.offset} (record ${damage.record})`;
      this.#world.say(`why502: ${safeName(this.#file)}: ${where}: ${damage.text}. ${damage.remedy}`);
      return EXIT.unreadable;
    }
    if (aborted && !this.#pipe && this.#world.interrupt.aborted) return EXIT.interrupted;
    return this.#config.exitCode && this.#found > 0 ? EXIT.found : EXIT.done;
  }

  /** The second pass over the file: picks the frames of each incident. */
  async #saveEvidence(plans: EvidencePlans, directory: string): Promise<number> {
    const { evidencePicker, evidenceText } = await import('../sinks/evidence.ts');
    const { EvidenceWriter } = await import('../sinks/evidence-files.ts');
    const { FrameDecoder } = await import('../wire/decode.ts');
    const { readCapture } = await import('../sources/capture-file.ts');
    const blocks = await import('../sources/pcap/writer.ts');
    const writer = new EvidenceWriter(directory, { file: this.#file, epoch: this.#epoch }, blocks);
    const pick = evidencePicker(
      plans.plans,
      (sink) => new FrameDecoder(sink),
      (plan, frame) => writer.keep(plan, frame),
    );
    try {
      const options = { countFrom: this.#epoch, signal: this.#stop.signal };
      await readCapture(this.#file, { frame: pick, journal: () => {}, loss: () => {} }, options);
    } catch (error) {
      this.#world.say(`why502: --save-evidence ${unwritable(error, directory)}`);
      return EXIT.refused;
    } finally {
      writer.close();
    }
    for (const line of evidenceText(safeName(directory), writer, plans.omitted)) this.#world.say(line);
    return EXIT.done;
  }
}

/** A regular file can be read twice, knows its size and ends; everything else is a pipe. */
export function isPipe(file: string): boolean {
  const stats = statOf(file);
  return stats !== undefined && !stats.isFile() && !stats.isDirectory();
}

/** Octets of a file; 0 where it cannot be known. */
export function sizeOf(file: string): number {
  return Number(statOf(file)?.size ?? 0);
}

/** `undefined` where it cannot be had: reading will say why. */
function statOf(file: string): ReturnType<typeof fstatSync> | undefined {
  try {
    return file === '-' ? fstatSync(0) : statSync(file);
  } catch {
    return undefined;
  }
}
