/** Drives a plan against the gateways while the capture runs. */
import { type CaptureOptions, startCapture } from './capture.ts';
import { drive, type Outcome } from './client.ts';
import { driveHttp2 } from './client-http2.ts';
import type { Clients, RunOptions } from './options.ts';
import { INNER_PORT, OUTER_PORT } from './places.ts';
import type { Plan, PlannedConnection } from './plan.ts';
import type { Program } from './programs/start.ts';

/** Scenarios that wait get slots of their own, so that they never hold those of the others. */
const SLOW_SLOTS = 10;
const LAST_TARGET = '/end?last';

export interface CapturedLoad {
  readonly outcomes: readonly Outcome[];
  readonly seconds: number;
  /** Packets that the kernel dropped before tcpdump read them. */
  readonly dropped: number;
}

/** Pushes tcpdump to `started` while it runs. */
export async function captureLoad(
  dir: string,
  options: CaptureOptions & Pick<RunOptions, 'clients'>,
  plan: Plan,
  concurrency: number,
  started: Program[],
): Promise<CapturedLoad> {
  const capture = await startCapture(dir, options);
  started.push(capture.program);
  const begin = performance.now();
  const quick = driveAll(plan.quick, concurrency, options.clients);
  const slow = driveAll(plan.slow, SLOW_SLOTS, options.clients);
  const outcomes = [...(await quick), ...(await slow)];
  const seconds = (performance.now() - begin) / 1000;
  await finishConversation(options.clients);
  const dropped = await capture.finish(LAST_TARGET);
  return { outcomes, seconds, dropped };
}

/** So many connections at once, each of them driven to its end. */
async function driveAll(
  planned: readonly PlannedConnection[],
  slots: number,
  clients: Clients,
): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  let next = 0;
  const slot = async () => {
    for (let connection = planned[next++]; connection !== undefined; connection = planned[next++])
      outcomes.push(...(await driveAs(connection, clients)));
  };
  await Promise.all(Array.from({ length: slots }, slot));
  return outcomes;
}

async function driveAs(planned: PlannedConnection, clients: Clients): Promise<readonly Outcome[]> {
  const inClear = planned.port !== OUTER_PORT || clients === 'clear';
  return clients === 'http2' && !inClear ? await driveHttp2(planned) : await drive(planned, !inClear);
}

/** A last exchange with each gateway; the octets of the very last one, in clear, tell that the capture holds everything before them. */
async function finishConversation(clients: Clients): Promise<void> {
  for (const [port, target] of [
    [OUTER_PORT, '/end'],
    [INNER_PORT, LAST_TARGET],
  ] as const) {
    const requests = [{ scenario: 'end', method: 'GET', host: 'shop.example', target, bodyOctets: 0 }] as const;
    const agent = { name: 'lab-client', language: 'en' };
    await driveAs({ agent, host: '127.0.0.1', port, version: '1.1', requests }, clients);
  }
}
