/** The process inside the gateway's namespace: starts everything, captures, drives the load, stops, writes the truth. */
import { join } from 'node:path';
import type { Outcome } from '../client.ts';
import { CAPTURE_DROPPED } from '../exit-codes.ts';
import { captureLoad } from '../load.ts';
import { makePlan } from '../plan.ts';
import { recordInside } from '../record-inside.ts';
import { chooseScenarios } from '../scenarios/choose.ts';
import { readTruth, writeTruth } from '../truth.ts';
import { type AllOptions, startAll } from './all.ts';
import type { Program } from './start.ts';

const CAPTURES = ['tcpdump', 'why502-capture'];

async function main(options: AllOptions): Promise<number> {
  const started: Program[] = [];
  const stopAll = async () => {
    for (const program of started.toReversed())
      await program.stop(CAPTURES.includes(program.name) ? 'SIGINT' : 'SIGTERM');
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => {
      void stopAll().then(() => process.exit(1));
    });
  try {
    if (options.record !== undefined) {
      await recordInside(options, options.record, started);
      return 0;
    }
    return await runInside(options, started, stopAll);
  } finally {
    await stopAll();
  }
}

async function runInside(options: AllOptions, started: Program[], stopAll: () => Promise<void>): Promise<number> {
  const scenarios = chooseScenarios(options.scenarios);
  await startAll(options, scenarios, started);
  const capture = { ...options, file: join(options.out, 'capture.pcap') };
  const plan = makePlan(scenarios, options);
  const { outcomes, seconds, dropped } = await captureLoad(options.out, capture, plan, options.concurrency, started);
  await stopAll();
  const truth = readTruth(options.out, scenarios);
  writeTruth(join(options.out, 'truth.ndjson'), truth);
  report(options, outcomes, truth.length, seconds);
  return dropped === 0 ? 0 : CAPTURE_DROPPED;
}

function report(options: AllOptions, outcomes: readonly Outcome[], rows: number, seconds: number): void {
  const by = new Map<string, number>();
  for (const { why, status } of outcomes) {
    const key = why === 'answered' ? String(status) : why;
    by.set(key, (by.get(key) ?? 0) + 1);
  }
  for (const { why, target } of outcomes) if (why === 'timeout') process.stderr.write(`no answer in time: ${target}\n`);
  const counts = [...by].sort().map(([key, count]) => `${key}: ${count}`);
  process.stderr.write(`${options.out}: ${rows} requests logged in ${seconds.toFixed(1)} s (${counts.join(', ')})\n`);
}

process.exitCode = await main(JSON.parse(process.argv[2] ?? '{}')).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  return 1;
});
