#!/usr/bin/env node
/** The door: the only file that ends the process or writes to the console. */
import { existsSync, readFileSync, writeSync } from 'node:fs';
import { isatty } from 'node:tty';
import { setFlagsFromString } from 'node:v8';
import { isUsageError, type Terminal, type World } from './commands/command.ts';
import { commandLine } from './commands/command-line.ts';
import { EXIT } from './config.ts';
import { isReaderGone } from './model/reader-gone.ts';

/**
 * Most runs are over before they have been compiled twice. V8 inlines less, so that what is hot is compiled sooner:
 * on a capture of 1 GB half of the time that compiling takes is saved.
 */
setFlagsFromString('--max-inlined-bytecode-size-cumulative=200');

/**
 * What is known of a connection or a request lives for a while, then all of it goes: V8 takes it for old and lets several
 * times as much pile up as is alive. It collects once the heap has grown by half; that costs no time that can be measured.
 */
setFlagsFromString('--heap-growing-percent=50');

/**
 * And its nursery stays as small as it begins, 1 MB: what outlives a thousand packets lives for seconds, and a larger one
 * only copies it later. It would grow to 48 MB (96 MB in Node 24): most of what a run takes besides what it knows.
 */
setFlagsFromString('--semi-space-growth-factor=1');

/** Between two tries to write to a pipe that is full. */
const RETRY_MS = 5;

function world(): World {
  const interrupt = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      // Asked twice: now.
      if (interrupt.signal.aborted) process.exit(EXIT.interrupted);
      interrupt.abort();
    });
  }
  return {
    stdout,
    stderr: process.stderr,
    env: process.env,
    interrupt: interrupt.signal,
    get version() {
      return version();
    },
    say: (line) => console.error(line),
  };
}

/**
 * Standard output, written at once. process.stdout would keep in memory what a slow reader of a pipe has not taken yet:
 * all of a large report.
 */
const stdout: Terminal = {
  isTTY: isatty(1),
  get columns() {
    return isatty(1) ? process.stdout.columns : undefined;
  },
  write(text) {
    const octets = Buffer.from(text, 'utf8');
    for (let written = 0; written < octets.length; ) {
      try {
        written += writeSync(1, octets, written);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
        // Whoever shares the pipe made it non-blocking: wait for the reader.
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, RETRY_MS);
      }
    }
  },
};

function version(): string {
  return JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')).version;
}

const run = commandLine(process.argv.slice(2), existsSync);
if (isUsageError(run)) {
  // What was typed may hold anything, a file name from a glob too.
  console.error(`why502: ${run.wrong}. ${run.remedy}`.replace(/\p{C}/gu, '?'));
  process.exitCode = EXIT.usage;
} else {
  try {
    process.exitCode = await run(world());
  } catch (error) {
    if (isReaderGone(error)) process.exit(EXIT.done);
    console.error(`why502 ${version()}: this is a bug of why502, please report it with the command and this text:`);
    console.error(error);
    process.exit(EXIT.bug);
  }
}
