/** Opens the terminal UI beside an analysis, and leaves the terminal as it was, whatever happens. */
import { openSync, readFileSync } from 'node:fs';
import { ReadStream } from 'node:tty';
import { EXIT } from '../config.ts';
import type { RecordSink } from '../model/source-record.ts';
import type { Nanos } from '../model/time.ts';
import type { Pipeline } from '../pipeline.ts';
import type { GatewayAt } from '../sinks/gateways-text.ts';
import { safeName } from '../sinks/safe-text.ts';
import { MASK_SECRETS, type Mask, SHOW_SECRETS } from '../sinks/secrets.ts';
import { flatCounters } from '../sinks/summary.ts';
import { countText, plural } from '../sinks/text/words.ts';
import type { Look } from '../sinks/tui/frame.ts';
import { openScreen, type Screen, type ScreenEvents } from '../sinks/tui/screen.ts';
import { canDraw, lookOf } from '../sinks/tui/terminal.ts';
import { type RunFigures, Tui } from '../sinks/tui/tui.ts';
import type { LiveStream } from '../sources/capture/program.ts';
import type { Answers } from './answers.ts';
import type { World } from './command.ts';
import type { KnownGateway } from './gateways.ts';
import type { ColourWish } from './options.ts';

/** Gateways named on screen. */
const GATEWAYS_SHOWN = 8;
/** Clock ticks a second of /proc/PID/stat on every Linux of today. */
const TICKS = 100;

/** What is known of the machine before anything is captured. */
export interface Machine {
  readonly gateways: readonly KnownGateway[];
  /** Who listens where; empty where the capture is of another time or place. */
  readonly listening: ReadonlyMap<string, string>;
}

export interface TuiWish {
  readonly mode: 'live' | 'file' | 'pipe';
  readonly file: string;
  readonly size: number | undefined;
  readonly interfaces: readonly string[];
  /** Endpoints the user named as gateways; none: they are found. */
  readonly named: readonly string[];
  /** Looked up once the first frame is there: it takes a while where many processes run. */
  readonly machine: () => Machine;
  readonly colour: ColourWish;
  readonly showSecrets: boolean;
}

/** Can a terminal be drawn on? */
export function hasScreen({ stdout, env }: World): boolean {
  return stdout.isTTY === true && canDraw(env);
}

/** What a screen is opened on. */
export interface Display {
  open(look: Look, events: ScreenEvents): Screen;
  /** Left open it would keep the process alive. */
  release(): void;
}

/** Standard output, and standard input, which may be the capture. */
function terminal({ env }: World): Display {
  const input = process.stdin.isTTY ? process.stdin : new ReadStream(openSync('/dev/tty', 'r+'));
  return {
    open: (look, events) => openScreen(look, { input, output: process.stdout, env }, events),
    release: () => void input.destroy(),
  };
}

export class RunningTui {
  readonly tui: Tui;
  readonly #wish: TuiWish;
  readonly #world: World;
  readonly #display: Display;
  readonly #machine: Machine;
  readonly #release: () => void;
  #answers: Answers | undefined;
  #epoch: () => bigint = () => 0n;
  #octets = 0;
  #latest: Nanos = 0;

  constructor(wish: TuiWish, world: World, display: Display = terminal(world)) {
    this.#wish = wish;
    this.#world = world;
    this.#display = display;
    const look = lookOf(world.env, wish.colour);
    this.tui = new Tui({
      mode: wish.mode,
      name: wish.file === '-' ? 'standard input' : safeName(wish.file.slice(wish.file.lastIndexOf('/') + 1)),
      size: wish.size,
      mask: maskOf(wish),
      look,
      open: (events) => display.open(look, events),
      explain: (cause, columns) => this.#answers?.explain(cause, columns) ?? [],
      save: async (verdict) => this.#answers?.save(verdict) ?? '',
      story: (verdict) => this.#answers?.story(verdict) ?? '',
    });
    this.#release = this.#guard();
    this.#machine = wish.machine();
  }

  /** What is needed once there is something to look at: the first frame does not wait for it. */
  async load(): Promise<this> {
    const { file, mode } = this.#wish;
    const { answers } = await import('./answers.ts');
    const options = { file, again: mode === 'file', mask: maskOf(this.#wish), epoch: () => this.#epoch() };
    this.#answers = answers(options);
    return this;
  }

  get quit(): Promise<void> {
    return this.tui.quit;
  }

  /** The world while the screen is in use: what is said is shown. */
  get world(): World {
    return { ...this.#world, say: (line) => this.tui.say(line) };
  }

  follow(pipeline: Pipeline, { epoch, live }: { epoch: () => bigint; live: LiveStream | undefined }): RecordSink {
    this.#epoch = epoch;
    const cpu = cpuMeter(live?.pid);
    this.tui.follow(() => this.#figures(pipeline, cpu));
    return this.#answers?.before(pipeline) ?? pipeline;
  }

  heard(latest: Nanos): void {
    this.#latest = latest;
    this.tui.heard();
  }

  read(octets: number): void {
    this.#octets = octets;
  }

  /** Leaves the screen, and says what came of it. */
  close(): void {
    const messages = this.tui.close();
    this.#release();
    this.#display.release();
    for (const message of messages) this.#world.say(message);
    const { ended, found, hidden, requests } = this.tui.counts;
    if (!ended) return;
    const share = `${countText(found)} of ${plural(requests, 'request')} ${found === 1 ? 'was' : 'were'} a 502`;
    this.#world.stdout.write(`why502: ${share}, ${plural(hidden, 'failure')} hidden by retries.\n`);
  }

  #figures(pipeline: Pipeline, cpu: () => number | undefined): RunFigures {
    const counters = pipeline.counters();
    const seen = pipeline.gateways(GATEWAYS_SHOWN);
    const { listening } = this.#machine;
    const { named } = this.#wish;
    return {
      interfaces: this.#wish.interfaces,
      rungs: counters.kernel.events > 0 ? ['packets', 'kernel'] : ['packets'],
      gateways: shownGateways(seen, named, this.#machine),
      named,
      listening,
      requests: counters.incidents.requests,
      frames: counters.frames,
      octets: this.#octets,
      started: 0,
      now: this.#latest,
      counters: flatCounters(counters),
      captureCpu: cpu(),
      tables: pipeline.tables(),
      epoch: this.#epoch(),
    };
  }

  /** A signal, a bug or a terminal that is gone: the screen is left first. */
  #guard(): () => void {
    const finish = (): void => this.tui.finish();
    const crash = (error: Error): void => {
      this.tui.close();
      this.#world.say(`why502 ${this.#world.version}: this is a bug of why502, please report it with this text:`);
      this.#world.say(safeStack(error));
      process.exit(EXIT.bug);
    };
    process.on('SIGHUP', finish);
    process.on('uncaughtException', crash);
    process.stdout.on('error', finish);
    this.#world.interrupt.addEventListener('abort', finish);
    return () => {
      process.off('SIGHUP', finish);
      process.off('uncaughtException', crash);
      process.stdout.off('error', finish);
      this.#world.interrupt.removeEventListener('abort', finish);
    };
  }
}

function maskOf({ showSecrets }: TuiWish): Mask {
  return showSecrets ? SHOW_SECRETS : MASK_SECRETS;
}

/** Those that were seen to be gateways, then those that were not yet: named by the user, or else known on this machine. */
function shownGateways(
  seen: readonly string[],
  named: readonly string[],
  { gateways, listening }: Machine,
): GatewayAt[] {
  const at = (endpoint: string): GatewayAt => ({ at: endpoint, who: listening.get(endpoint) ?? '' });
  if (named.length > 0) return [...new Set([...seen, ...named])].map(at);
  return [...seen.map(at), ...gateways.filter(({ reachable }) => !reachable.some((one) => seen.includes(one)))];
}

function safeStack(error: Error): string {
  return String(error.stack ?? error)
    .split('\n')
    .map(safeName)
    .join('\n');
}

/** Share of a core that a process took since the last call. */
function cpuMeter(pid: number | undefined): () => number | undefined {
  let before = { ticks: 0, at: 0 };
  return () => {
    if (pid === undefined) return undefined;
    try {
      const fields = readFileSync(`/proc/${pid}/stat`, 'latin1')
        .replace(/^.*\) /s, '')
        .split(' ');
      const now = { ticks: Number(fields[11]) + Number(fields[12]), at: performance.now() };
      const seconds = (now.at - before.at) / 1000;
      const share = before.at === 0 || seconds <= 0 ? undefined : (now.ticks - before.ticks) / TICKS / seconds;
      before = now;
      return share;
    } catch {
      return undefined;
    }
  };
}
