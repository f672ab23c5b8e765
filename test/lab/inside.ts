/** The process inside the gateway's namespace: starts everything, captures, drives the load, stops, writes the truth. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startCapture } from './capture.ts';
import { drive, type Outcome } from './client.ts';
import { CAPTURE_DROPPED } from './exit-codes.ts';
import { INNER_PORT, OUTER_PORT } from './places.ts';
import { makePlan, type PlannedConnection } from './plan.ts';
import { type AllOptions, startAll } from './programs/all.ts';
import type { Program } from './programs/start.ts';
import { chooseScenarios } from './scenarios/choose.ts';
import { readTruth } from './truth.ts';

const SLOW_SLOTS = 10;

async function main(options: AllOptions): Promise<number> {
  const scenarios = chooseScenarios(options.scenarios);
  const started: Program[] = [];
  const stopAll = async () => {
    for (const program of started.toReversed()) await program.stop(program.name === 'tcpdump' ? 'SIGINT' : 'SIGTERM');
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => {
      void stopAll().then(() => process.exit(1));
    });
  try {
    await startAll(options, scenarios, started);
    const capture = await startCapture(options.out, {
      file: join(options.out, 'capture.pcap'),
      interface: options.interface,
      snaplen: options.snaplen,
      bufferKib: options.bufferKib,
    });
    started.push(capture.program);
    const plan = makePlan(scenarios, options);
    const begin = performance.now();
    const outcomes = (
      await Promise.all([driveAll(plan.quick, options.concurrency), driveAll(plan.slow, SLOW_SLOTS)])
    ).flat();
    const seconds = (performance.now() - begin) / 1000;
    await finishConversation();
    const dropped = await capture.finish('/end?last');
    await stopAll();
    const truth = readTruth(options.out, scenarios);
    writeFileSync(join(options.out, 'truth.ndjson'), truth.map((row) => `${JSON.stringify(row)}\n`).join(''));
    report(options, outcomes, truth.length, seconds);
    return dropped === 0 ? 0 : CAPTURE_DROPPED;
  } finally {
    await stopAll();
  }
}

/** So many connections at once, each of them driven to its end. */
async function driveAll(planned: readonly PlannedConnection[], slots: number): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  let next = 0;
  const slot = async () => {
    for (let connection = planned[next++]; connection !== undefined; connection = planned[next++])
      outcomes.push(...(await drive(connection)));
  };
  await Promise.all(Array.from({ length: slots }, slot));
  return outcomes;
}

/** A last exchange with each gateway, whose octets tell that the capture holds everything before them. */
async function finishConversation(): Promise<void> {
  for (const port of [INNER_PORT, OUTER_PORT])
    await drive({
      host: '127.0.0.1',
      port,
      version: '1.1',
      requests: [
        {
          scenario: 'end',
          method: 'GET',
          host: 'shop.example',
          target: port === OUTER_PORT ? '/end?last' : '/end',
          bodyOctets: 0,
        },
      ],
    });
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
