/**
 * Time and memory of the built program on large captures: `npm run bench -- [CAPTURE] [MB]...`. Each size is read from a
 * file and from a pipe. The captures are temporary; nothing here fails, the figures are for reading.
 */
import { spawn } from 'node:child_process';
import { createReadStream, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { repeated } from './repeat.ts';

const ROOT = join(import.meta.dirname, '../..');
const words = process.argv.slice(2);
const sizes = words.filter((word) => /^\d+$/.test(word)).map(Number);
const capture = words.find((word) => !/^\d+$/.test(word)) ?? join(ROOT, 'captures/mixed/evening.pcapng');

interface Cost {
  readonly seconds: number;
  readonly residentMb: number;
  readonly output: string;
}

/** Node itself tells what it took: /usr/bin/time is not everywhere. */
const WITH_FIGURES = `process.on('exit', () => process.stderr.write('peak ' + process.resourceUsage().maxRSS + '\\n'));`;

async function cost(path: string, piped: boolean): Promise<Cost> {
  const started = process.hrtime.bigint();
  const preload = `data:text/javascript,${encodeURIComponent(WITH_FIGURES)}`;
  const args = ['--import', preload, join(ROOT, 'dist/cli.js'), 'analyze', piped ? '-' : path, '--format', 'ndjson'];
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  if (piped) createReadStream(path).pipe(child.stdin);
  else child.stdin.end();
  let complaints = '';
  let last = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaints += text;
  });
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    last = (last + text).slice(-20_000);
  });
  await new Promise((resolve) => child.once('close', resolve));
  const peak = Number(/peak (\d+)/.exec(complaints)?.[1] ?? Number.NaN);
  const summary = JSON.parse(last.trimEnd().split('\n').at(-1) ?? '{}');
  return {
    seconds: Number(process.hrtime.bigint() - started) / 1e9,
    residentMb: (peak * 1024) / 1e6,
    output: `${summary.frames} frames, ${summary.requests} requests, ${summary.incidents} of them 502`,
  };
}

const folder = mkdtempSync(join(tmpdir(), 'bench-'));
try {
  for (const megabytes of sizes.length > 0 ? sizes : [100, 1000]) {
    const path = join(folder, 'large.pcap');
    const file = openSync(path, 'w');
    for (const piece of repeated(readFileSync(capture), megabytes * 1e6)) writeSync(file, piece);
    for (const piped of [false, true]) {
      const { seconds, residentMb, output } = await cost(path, piped);
      const speed = `${(megabytes / seconds).toFixed(0)} MB/s`;
      console.log(
        `${megabytes} MB ${piped ? 'pipe' : 'file'}: ${seconds.toFixed(1)} s, ${speed}, ${residentMb.toFixed(0)} MB resident; ${output}`,
      );
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
