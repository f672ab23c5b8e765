/** A process of its own: opens a package, gives up root, and writes what it captures to standard output until it is told to stop. */
import { writeSync } from 'node:fs';
import { createRequire } from 'node:module';
import { networkInterfaces, setPriority } from 'node:os';
import { giveUpRoot } from '../root.ts';
import { PACKAGE_ENGINES } from './names.ts';
import { type CapPackage, type OpenInterface, openCap, openPcap, type PackageWish, type Pcap } from './packages.ts';
import type { EngineOrder } from './start.ts';
import { PackageStream } from './stream.ts';

/** Between two looks at what waits, and at what was dropped. */
const FLUSH_MS = 20;
const STATISTICS_MS = 1000;
/** Of the capture program, too. */
const EXIT_DONE = 0;
const EXIT_REFUSED = 4;
const NICENESS = 5;
const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1e3, '': 1e3, m: 60e3, h: 3600e3, d: 86_400e3 };

const { engine, interfaces, ports, duration, identity }: EngineOrder = JSON.parse(process.argv[2] ?? '{}');
const names = interfaces.length > 0 ? interfaces : Object.keys(networkInterfaces());
const until = endOf(duration);
const stream = new PackageStream(write);

/** Holds this process up until the reader takes it: what comes meanwhile waits with libpcap. */
function write(piece: Uint8Array): void {
  try {
    for (let written = 0; written < piece.length; ) written += writeSync(1, piece, written);
  } catch {
    // The reader is gone.
    process.exit(EXIT_DONE);
  }
}

/** When to stop, by `performance.now()`. */
function endOf(time: string | undefined): number {
  const [, digits, unit = ''] = /^(\d+)(ms|s|m|h|d|)$/.exec(time ?? '') ?? [];
  return digits === undefined ? Number.POSITIVE_INFINITY : performance.now() + Number(digits) * (UNITS[unit] ?? 1);
}

function say(line: string): void {
  process.stderr.write(`why502: ${line}\n`);
}

function now(): bigint {
  return BigInt(Math.round((performance.timeOrigin + performance.now()) * 1e6));
}

function giveUp(why: string, remedy: string): never {
  say(`--engine ${engine}: ${why}\n  ${remedy}`);
  process.exit(EXIT_REFUSED);
}

function open(): OpenInterface[] {
  const packet: PackageWish['packet'] = (each) => {
    stream.packet(each);
    // While packets come faster than they can be handed on, a package lets no timer have its turn.
    if (performance.now() > until) stop();
  };
  const wish: PackageWish = { names, ports, packet };
  let found: unknown;
  try {
    found = createRequire(import.meta.url)(engine);
  } catch {
    giveUp(
      `the npm package ${engine} is not installed`,
      `With libpcap's headers and a compiler: sudo apt-get install libpcap-dev g++ make, then: npm install ${engine}`,
    );
  }
  try {
    return engine === 'pcap' ? openPcap(found as Pcap, wish) : openCap(found as CapPackage, wish, now);
  } catch (error) {
    return giveUp((error as Error).message, 'Capturing needs root: sudo why502. See: why502 doctor');
  }
}

const opened = open();
if (identity) giveUpRoot(identity);
setPriority(NICENESS);
stream.interfaces(opened);
stream.flush();

function stop(): never {
  stream.statistics(opened, now());
  stream.flush();
  // Not only an order to close: a package's own handles would keep the process until the next packet.
  process.exit(EXIT_DONE);
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, stop);
process.stdin.resume().once('close', stop);
setInterval(() => {
  stream.flush();
  if (performance.now() > until) stop();
}, FLUSH_MS);
setInterval(() => stream.statistics(opened, now()), STATISTICS_MS);
say(`capturing on ${names.join(', ')}`);
for (const sentence of PACKAGE_ENGINES[engine].cannot) say(`--engine ${engine}: ${sentence}.`);
