/** The gateway's own lines in its error log, as the kernel sees them written: each with the failure that it is about, and no others. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { VerdictLine } from '../captures/analysis.ts';
import { inside } from '../lab/netns.ts';
import { until } from '../lab/programs/start.ts';
import { newPlace, startCapture, stopWhenSeen } from './capture-program.ts';
import { loggedLine, startTraffic } from './capture-traffic.ts';
import { rows } from './captured.ts';
import { verdicts } from './lab-run.ts';
import { startLive } from './live-run.ts';

const LIMIT_MS = 60_000;

/** How often each fails, over TCP and over unix sockets; `retried` tries two peers, and then nobody is left. */
const EACH = 23;
const FAILING = ['closed/', 'reset', 'shut', 'broken', 'retried/', 'gone/', 'missing/', 'prohibited/', 'hung-up/'];

/** The messages that nginx logged for a target, in order. */
function loggedFor(log: string, target: string): string[] {
  const of = log.split('\n').filter((line) => line.includes(` request: "GET ${target} HTTP/1.1"`));
  return of.map((line) => line.replace(/^.*? \*\d+ (.*), client: .*$/, '$1'));
}

/** Those that are cited for it, in order. */
function cited({ attempts, evidence = [] }: VerdictLine): string[] {
  const all = [...attempts.flatMap((attempt) => attempt.evidence), ...evidence];
  return all.flatMap(({ text }) => / logged: (.*)$/.exec(text)?.[1] ?? []);
}

/** Of a verdict what two captures of the same must agree on: all but times and numbers of frames. */
function essential(line: VerdictLine): unknown {
  const { cause, subcause, confidence } = line.verdict;
  const attempts = line.attempts.map((attempt) => [attempt.peer, attempt.cause, attempt.confidence, attempt.link]);
  return [line.id, line.request.target, cause, subcause, confidence, attempts, cited(line)];
}

test(
  'every 502 cites the lines that nginx logged for it, live as from the recording',
  async () => {
    const place = newPlace();
    const traffic = await startTraffic(place, { unixPeer: true });
    const file = join(place.stage.dir, 'case.pcapng');
    const capture = await startCapture(place, ['-i', 'lo', '--syscalls', '-w', file]);
    const live = await startLive(place);
    const targets = FAILING.flatMap((name) => Array.from({ length: EACH }, (_, n) => `/${name}?n=${n}`));
    await traffic.ask([...targets, '/last']);
    const incidents = () => live.lines.filter(({ type }) => type === 'incident') as unknown as VerdictLine[];
    await until('all are told', () => incidents().length === targets.length);
    live.child.kill('SIGINT');
    await live.ended;
    await stopWhenSeen(capture, file, '/last');
    const log = readFileSync(traffic.errorLog, 'utf8');
    const told = new Map(incidents().map((line) => [line.request.target, line]));
    const expected = targets.map((target) => [target, loggedFor(log, target)]);
    expect(expected.every(([, lines]) => lines && lines.length > 0)).toBe(true);
    expect(targets.map((target) => [target, cited(told.get(target) as VerdictLine)])).toEqual(expected);
    const recorded = await verdicts(file);
    expect(recorded.map(essential)).toEqual(incidents().map(essential));
  },
  LIMIT_MS,
);

test(
  'what others write in the same words is nobody’s evidence, and what a gateway logs of other requests is not told',
  async () => {
    const place = newPlace();
    const traffic = await startTraffic(place);
    const file = join(place.stage.dir, 'case.pcapng');
    const capture = await startCapture(place, ['-i', 'lo', '--syscalls', '-w', file]);
    const claim = `for n in $(seq ${EACH}); do echo '${loggedLine("'$$'")}'; done`;
    expect(execFileSync(...inside(place.namespace, 'bash', ['-c', claim]), { encoding: 'utf8' })).toMatch(
      /^2026.* \[error\] \d+#/,
    );
    await traffic.ask(['/closed/?token=secret', '/absent', '/claims', '/last']);
    await stopWhenSeen(capture, file, '/last');
    expect(readFileSync(traffic.errorLog, 'utf8')).toMatch(/open\(\) .*\/absent" failed/);
    const lines = rows(file, 'systemd_journal.message contains " logged: "', ['systemd_journal.message']);
    const own = lines.filter((line) => line.startsWith(`nginx[${traffic.gateway}] logged: `));
    expect(own).toHaveLength(1);
    expect(own[0]).toMatch(
      / connect\(\) failed \(111: Connection refused\) .* request: "GET \/closed\/\?token=secret HTTP/,
    );
    expect(lines.filter((line) => line.startsWith('bash['))).toEqual([]);
    const told = await verdicts(file);
    expect(told.map((line) => [line.request.target, line.verdict.cause, cited(line).length])).toEqual([
      ['/closed/?token=***', 'connect-refused', 1],
      ['/claims', 'upstream-502', 0],
    ]);
    expect(JSON.stringify(told)).not.toContain('secret');
  },
  LIMIT_MS,
);
