/** Keeps the time around each 502; the same pipeline finds it that explains it. */
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { EXIT, INTERRUPT_GRACE_MS, SETTLE_PIPE } from '../config.ts';
import type { Nanos } from '../model/time.ts';
import type { Verdict } from '../model/verdict.ts';
import { createPipeline } from '../pipeline.ts';
import { Around } from '../sinks/around.ts';
import { RecordingFiles } from '../sinks/recording-files.ts';
import { safeName } from '../sinks/safe-text.ts';
import { clockText } from '../sinks/time-text.ts';
import type { LiveStream } from '../sources/capture/program.ts';
import { type Identity, ownerOf } from '../sources/capture/root.ts';
import { readCaptureStream } from '../sources/capture-file.ts';
import type { InputFailure } from '../sources/failure.ts';
import { BlockRuns } from '../sources/pcap/block-runs.ts';
import { interfaceBlock, sectionBlock } from '../sources/pcap/writer.ts';
import { exitOf, futureSelf, refused } from './capture-run.ts';
import type { World } from './command.ts';
import { leftText } from './empty-files.ts';
import { PipeSilence } from './pipe-silence.ts';
import { Share } from './share.ts';
import { unwritable } from './unwritable.ts';

/** tcpdump.org/linktypes.html */
const LINKTYPE_ETHERNET = 1;
/** One for each stretch of time that is kept; more than anybody reads. */
const FILES = 32;
/** A capture without packets: other programs want to know of what kind they would be. */
const EMPTY: Uint8Array = Buffer.concat([sectionBlock(), interfaceBlock({ linkType: LINKTYPE_ETHERNET })]);

export interface AroundOptions {
  /** Kept before and after each 502. */
  readonly time: Nanos;
  /** Octets held before a 502, and of all files. */
  readonly memory: number;
  readonly disk: number;
  /** Percent of one processor; `undefined`: no limit. */
  readonly processor: number | undefined;
}

export async function recordAround(
  file: string,
  options: AroundOptions,
  world: World,
  start: (identity: Identity | undefined) => Promise<LiveStream | InputFailure>,
): Promise<number> {
  const identity = futureSelf(world);
  let files: RecordingFiles;
  try {
    files = new RecordingFiles(file, { files: FILES, octets: options.disk }, EMPTY, ownerOf(identity));
  } catch (error) {
    world.say(`why502: ${unwritable(error, file)}`);
    return EXIT.refused;
  }
  const started = await start(identity);
  if ('kind' in started) {
    files.close();
    return refused(started, world);
  }
  if (world.stderr.isTTY === true) world.say('Ctrl-C ends it.');
  const failed = await new AroundRun(files, options, world).run(started);
  started.stop();
  const empty = files.close();
  if (empty.length > 0) world.say(`why502: ${leftText(empty)}.`);
  const code = exitOf(await started.ended, world);
  if (!failed) return code;
  world.say(`why502: ${safeName(failed.message)}.`);
  return EXIT.refused;
}

class AroundRun {
  readonly #files: RecordingFiles;
  readonly #world: World;
  readonly #around: Around;
  readonly #runs: BlockRuns;
  readonly #share: Share | undefined;
  #epoch = 0n;
  #found = 0;
  #octets = 0;

  constructor(files: RecordingFiles, options: AroundOptions, world: World) {
    this.#files = files;
    this.#world = world;
    this.#share = options.processor === undefined ? undefined : new Share(options.processor);
    this.#around = new Around(
      { time: options.time, octets: options.memory },
      { episode: () => files.begin(), keep: (octets) => files.write(octets) },
    );
    this.#runs = new BlockRuns({
      describes: (block) => files.describes(block),
      run: (run) => this.#around.push(run),
    });
  }

  /** Until the stream ends. Returns what the file system said, if it was nothing good. */
  async run(live: LiveStream): Promise<Error | undefined> {
    const stop = new AbortController();
    const pipeline = createPipeline(
      { gateways: [], settle: SETTLE_PIPE },
      { verdict: (verdict) => this.#judged(verdict), loss: () => {} },
    );
    const silence = new PipeSilence((now) => pipeline.tick(now));
    this.#world.interrupt.addEventListener('abort', () => {
      live.stop();
      setTimeout(() => stop.abort(), INTERRUPT_GRACE_MS).unref();
    });
    try {
      await readCaptureStream('live', Readable.from(this.#kept(live.stream)), pipeline, {
        signal: stop.signal,
        epoch: (epoch) => {
          this.#epoch = epoch;
        },
        progress: () => silence.arrived(),
        batch: (latest) => silence.handedOn(latest, this.#epoch),
      });
      pipeline.end();
      this.#tell();
      return undefined;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === undefined) throw error;
      return error as Error;
    } finally {
      silence.stop();
    }
  }

  /** Each piece goes into the ring before it is looked at: a 502 that it holds is in there when it is found. */
  async *#kept(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const piece of stream) {
      this.#octets += piece.length;
      this.#runs.push(piece);
      yield piece;
      const { user, system } = process.cpuUsage();
      const rest = this.#share?.rest(performance.now(), (user + system) / 1000) ?? 0;
      // What comes meanwhile waits in the kernel's rings, and is counted where they are full.
      if (rest > 0) await sleep(rest);
    }
  }

  #judged({ incident, finding }: Verdict): void {
    if (incident.kind !== 'incident') return;
    const at = incident.exchange.response?.start.at ?? incident.settled.at;
    this.#found++;
    this.#around.trigger(Number(this.#epoch) + at);
    const peer = incident.attempts.at(-1)?.peer.text ?? incident.gateway.text;
    const what = `${clockText(this.#epoch, at)}  ${finding.cause}  ${peer}`;
    this.#world.say(`${safeName(what)}  kept in ${safeName(this.#files.name)}`);
  }

  #tell(): void {
    // It never began; the capture program said why.
    if (this.#octets === 0) return;
    const { written, begun } = this.#files;
    const megabytes = (octets: number): string => `${(octets / 1e6).toFixed(1)} MB`;
    const early = this.#around.early;
    const short = early > 0 ? `; ${megabytes(early)} left memory before their time (--budget mem=)` : '';
    const kept = `kept ${megabytes(written)} of ${megabytes(this.#octets)} in ${Math.min(begun, FILES)} files`;
    this.#world.say(`why502: ${this.#found} x 502; ${kept}${short}.`);
  }
}
