/** The kernel as witness: real failures, each told of once, and what why502 makes of them. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { symlinkSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { VerdictLine } from '../captures/analysis.ts';
import { inside } from '../lab/netns.ts';
import { FAR_ADDRESS } from '../lab/places.ts';
import { printed } from '../lab/programs/start.ts';
import { isCertainlyWrong, scoreRun } from '../lab/score.ts';
import { complaintTable } from '../lab/scoreboard.ts';
import { newPlace, startCapture, stopWhenSeen } from './capture-program.ts';
import { HELD, REJECTING_PORT, SILENT_PORT, startTraffic } from './capture-traffic.ts';
import { expectReadable, rows } from './captured.ts';
import { type LabRun, labRun, verdicts } from './lab-run.ts';
import { newStage, Stage } from './stage.ts';

const LIMIT_MS = 120_000;
const EACH = 23;

/** Both are on one time line: what the clocks' error may be, and what lies between the two acts. */
const BESIDE_PACKETS_US = 50;

/** Scenarios of the lab, and what is said of them. */
const TOLD: Readonly<Record<string, readonly RegExp[]>> = {
  'php-kill': [/php-fpm8.2 \d+ killed itself with SIGKILL/],
  'unix-php-kill': [/php-fpm8.2 \d+ killed itself with SIGKILL/],
  'php-oom': [/killed by the OOM killer/],
  'php-stop': [/the service was stopping or reloading/, /nobody had accepted it/],
  'php-reload': [/the service was stopping or reloading/],
  'php-full': [/queue of php-fpm.* was full: queue [12] of 1/],
  'php-full-unix': [/queue of php-fpm.* was full: queue [12] of 1/],
  'gunicorn-timeout': [/was killed by its own master gunicorn \d+ with SIG(?:ABRT|KILL), [12](?:[.]\d+)? s after/],
  'node-files': [/had no file descriptor left/],
  'node-idle': [/closed the kept-alive connection/],
  'unix-invalid-header': [/unix:/],
  'unix-big-header': [/unix:/],
  'unix-fastcgi': [/unix:/],
};

/** Victims of the OOM killer, one after the other, in a memory cgroup of their own, of either version. */
const VICTIMS = `
d=/sys/fs/cgroup/memory/w502-$$ limit=memory.limit_in_bytes
[ -d /sys/fs/cgroup/memory ] || { d=/sys/fs/cgroup/w502-$$; limit=memory.max; }
mkdir "$d" && echo 8M > "$d/$limit" || exit 1
for n in $(seq ${EACH}); do (echo 0 > "$d/cgroup.procs"; exec "$1" /dev/zero); done
rmdir "$d"
`;

/** Connections of their own, more than the probes have places for: whoever comes later lives in the socket's storage. */
const CROWD = `
  const { connect, createServer } = require('node:net');
  const server = createServer().listen(0, '127.0.0.1', () => {
    let open = 0;
    const opened = () => ++open === 800 && console.log('crowded');
    for (let n = 0; n < 800; n++) connect(server.address().port, '127.0.0.1', opened);
  });
`;

/** A refusal between the same addresses, but on another loopback: that of the namespace that the test itself is in. */
async function refusedOutside(): Promise<void> {
  const socket = connect(9, '127.0.0.1');
  await expect(once(socket, 'connect')).rejects.toThrow('ECONNREFUSED');
}

test(
  `${EACH} provoked failures of each kind give ${EACH} events of that kind, no more, and tshark shows them`,
  async () => {
    const place = newPlace();
    const traffic = await startTraffic(place);
    const file = join(place.stage.dir, 'case.pcapng');
    const capture = await startCapture(place, ['-i', 'lo', '--syscalls', '-w', file]);
    const crowd = place.stage.start('crowd', inside(place.namespace, process.execPath, ['-e', CROWD]), 'stdout');
    await printed(crowd, 'crowded');
    const each = (target: string): string[] => Array.from({ length: EACH }, (_, n) => `${target}?n=${n}`);
    const failures = [
      '/closed/',
      '/reset',
      '/shut',
      '/retried/',
      '/missing/',
      '/prohibited/',
      '/unrouted/',
      '/filtered/',
    ];
    await traffic.ask([...failures, '&/silent/'].flatMap(each));
    // Names of their own: processes are the whole machine's.
    const named = (name: string, program: string): string => {
      symlinkSync(program, join(place.stage.dir, name));
      return join(place.stage.dir, name);
    };
    const victim = `v${process.pid}`;
    const hog = `h${process.pid}`;
    const killed = named(victim, '/bin/sleep');
    for (let n = 0; n < EACH; n++) await killOne(killed);
    await promisify(execFile)('bash', ['-c', VICTIMS, 'bash', named(hog, '/usr/bin/tail')]);
    await refusedOutside();
    await traffic.withoutPorts(() => traffic.ask(each('+/crowded')));
    await traffic.ask(['/last']);
    await stopWhenSeen(capture, file, '/last');

    const told = rows(file, 'systemd_journal', ['systemd_journal.message']);
    const count = (pattern: RegExp | string): number => told.filter((line) => new RegExp(pattern).test(line)).length;
    // Other programs on this machine may fail meanwhile, and the kernel tells of them, too.
    const gateway = (did: RegExp): number => count(`^nginx\\[${traffic.gateway}\\]${did.source}`);
    const upstream = (did: RegExp): number => count(`^node\\[${traffic.upstream}\\]${did.source}`);
    // What befalls segments between network namespaces is told of all of them: ours are those whose ends are an attempt's.
    const attempts = ends(told, new RegExp(`^nginx\\[${traffic.gateway}\\] closed its connection (\\S+) -> (\\S+): `));
    const ofAttempts = (pattern: RegExp, peer: string): string[] => {
      const own = ends(told, pattern).filter((each) => each.endsWith(` ${peer}`) && attempts.includes(each));
      expect(own).toEqual([...new Set(own)]);
      return own;
    };
    expect(gateway(/ closed .*:9: Connection refused/)).toBe(EACH);
    expect(count(/^this host reset 127[.]0[.]0[.]1:9 -> .*: NO_SOCKET$/)).toBe(EACH);
    expect(gateway(/ closed .*:3000: Connection reset by peer/)).toBe(EACH);
    expect(upstream(/ reset 127[.]0[.]0[.]1:3000 -> /)).toBe(EACH);
    expect(upstream(/ closed 127[.]0[.]0[.]1:3000 -> .* without an answer$/)).toBe(EACH + HELD);
    expect(gateway(/ closed .*:3000: the peer had closed it; /)).toBe(EACH);
    expect(gateway(/ closed .*:1[12]: Connection refused/)).toBe(2 * EACH);
    expect(gateway(/ tried again: 127[.]0[.]0[.]1:1[12]$/)).toBe(EACH);
    expect(gateway(/'s connection to unix:.*none[.]sock ended: No such file or directory/)).toBe(EACH);
    expect(gateway(/ could not connect to 10[.]79[.]0[.]1:80: Permission denied/)).toBe(EACH);
    expect(gateway(/ could not connect to \[2001:db8::1\]:80: Network is unreachable/)).toBe(EACH);
    const dropped = /^this host dropped a segment (\S+) -> (\S+): NETFILTER_DROP$/;
    expect(ofAttempts(dropped, `${FAR_ADDRESS}:${REJECTING_PORT}`)).toHaveLength(EACH);
    expect(gateway(new RegExp(` closed .*:${REJECTING_PORT}: Connection refused`))).toBe(EACH);
    expect(gateway(/ answered .* with 502 because of that$/)).toBe((failures.length + 1) * EACH);
    expect(gateway(/ logged: .* connect\(\) failed \(111: .*, upstream: "http:\/\/127[.]0[.]0[.]1:9\/closed\//)).toBe(
      EACH,
    );
    expect(gateway(/ logged: .* connect\(\) to unix:.*none[.]sock failed \(2: /)).toBe(EACH);
    expect(gateway(/ logged: .* upstream timed out \(110: .*\/silent\//)).toBe(EACH);
    // A line for each attempt: two of those that were retried, one of the silent ones and of those without a port.
    expect(gateway(/ logged: /)).toBe((failures.length + 3) * EACH);
    const repeated = /^this host's SYN (\S+) -> (\S+) is sent again: no answer$/;
    expect(ofAttempts(repeated, `${FAR_ADDRESS}:${SILENT_PORT}`)).toHaveLength(EACH);
    expect(gateway(/ could not connect to 127[.]0[.]0[.]1:3000: Cannot assign requested address/)).toBe(EACH);
    expect(count(`^the OOM killer chose ${hog}\\[\\d+\\]$`)).toBe(EACH);
    expect(count(`^${hog}\\[\\d+\\] was ended by signal 9 \\(SIGKILL\\)$`)).toBe(EACH);
    expect(count(`^\\S+\\[\\d+\\] sent SIGKILL to ${victim}\\[\\d+\\]$`)).toBe(EACH);
    expect(count(`^${victim}\\[\\d+\\] was ended by signal 9 \\(SIGKILL\\)$`)).toBe(EACH);
    expect(count(/events were lost/)).toBe(0);
    expect(count(/the clocks could be compared no better/)).toBe(0);
    expect(await closestReset(file)).toBeLessThan(BESIDE_PACKETS_US);
    expectReadable(file);
  },
  LIMIT_MS,
);

/** Both ends of the connections in which a pattern finds them. */
function ends(told: readonly string[], pattern: RegExp): string[] {
  return told.flatMap((line) => {
    const [, from, to] = pattern.exec(line) ?? [];
    return from === undefined ? [] : [`${from} ${to}`];
  });
}

/** As on kernels before 6.3; what stands in for these there. */
const YOUNG = 'receives,answers,sends,unix';
const INSTEAD = ['copies instead of receives', 'transmits instead of answers', 'calls instead of unix'];

/** Requests, what is said of them, and how many attempts each made. */
const FAILED: Readonly<Record<string, readonly [string, number]>> = {
  '/closed/': ['connect-refused', 1],
  '/shut': ['close-before-response', 1],
  '/reset': ['reset-before-response', 1],
  '/retried/': ['connect-refused', 2],
  '/hung-up/': ['close-before-response', 1],
  '/missing/': ['unix-socket-missing', 1],
};

test('without the probes that came with Linux 6.3, others stand in for them, and the kernel ties every attempt', async () => {
  const place = newPlace();
  const traffic = await startTraffic(place, { unixPeer: true });
  const file = join(place.stage.dir, 'case.pcapng');
  const capture = await startCapture(place, ['-i', 'lo', '--syscalls', '--without', YOUNG, '-w', file]);
  await traffic.ask([...Object.keys(FAILED), '/last']);
  await stopWhenSeen(capture, file, '/last');
  for (const words of INSTEAD) expect(capture.said()).toContain(`the probe ${words}`);
  expect(capture.said()).not.toContain('without the probe');
  const told = await verdicts(file);
  const said = told.map(({ request, verdict, attempts }) => [request.target, [verdict.cause, attempts.length]]);
  expect(Object.fromEntries(said)).toEqual(FAILED);
  expect(new Set(told.flatMap(({ attempts }) => attempts.map(({ link }) => link)))).toEqual(new Set(['kernel']));
  for (const { request, attempts } of told) expect(attempts.filter(isLogged), request.target).toEqual(attempts);
});

/** The line that the gateway wrote about it into its error log is among its evidence. */
function isLogged({ evidence }: VerdictLine['attempts'][number]): boolean {
  return evidence.some(({ source, text }) => source === 'kernel' && / logged: /.test(text));
}

/** By how much, in microseconds, the kernel's word for a reset and the packet lie apart at the closest. */
async function closestReset(file: string): Promise<number> {
  const at = (filter: string): number[] => rows(file, filter, ['frame.time_epoch']).map(Number);
  const told = at('systemd_journal.message contains "reset 127.0.0.1:9 ->"');
  const seen = at('tcp.srcport == 9 && tcp.flags.reset == 1');
  expect([told.length, seen.length]).toEqual([EACH, EACH]);
  return Math.min(...told.map((moment, n) => Math.abs(moment - (seen[n] ?? 0)) * 1e6));
}

async function killOne(program: string): Promise<void> {
  const child = spawn(program, ['60'], { stdio: 'ignore' });
  await once(child, 'spawn');
  child.kill('SIGKILL');
  await once(child, 'exit');
}

describe('what befalls workers, services and unix sockets', () => {
  const words = ['--kernel', '--connections', '36', '--concurrency', '24', '--scenarios', Object.keys(TOLD).join(',')];
  let stage: Stage | undefined;
  let run: LabRun | undefined;
  beforeAll(async () => {
    stage = new Stage();
    run = await labRun(stage, ...words);
  }, LIMIT_MS);
  afterAll(() => stage?.clear());

  const linesOf = (scenario: string): readonly VerdictLine[] =>
    (run?.lines ?? []).filter(({ request }) => request.target.startsWith(`/${scenario}/`));

  test('nothing is taken for something else, and the kernel ties every attempt to its request', () => {
    const { truth = [], lines = [] } = run ?? {};
    expect(scoreRun('services', truth, lines, true).details).toEqual([]);
    const told = lines.filter(({ type }) => type === 'incident');
    expect(new Set(told.flatMap(({ attempts }) => attempts.map(({ link }) => link)))).toEqual(new Set(['kernel']));
  });

  test.each(Object.entries(TOLD))('%s', (scenario, sentences) => {
    const told = linesOf(scenario)
      .map(({ verdict }) => verdict.sentence)
      .join('\n');
    for (const sentence of sentences) expect(told).toMatch(sentence);
  });

  test.each(['php-kill', 'unix-php-kill'])('%s: a worker that dies is named, with certainty', (scenario) => {
    for (const { verdict } of linesOf(scenario))
      expect(verdict).toMatchObject({
        cause: 'reset-before-response',
        subcause: 'worker-killed',
        confidence: 'certain',
      });
  });

  test('every attempt that ended in a 502 of the gateway itself comes with the line that it logged', () => {
    const told = (run?.lines ?? []).filter(({ type }) => type === 'incident').flatMap(({ attempts }) => attempts);
    expect(told.length).toBeGreaterThan(0);
    expect(told.filter((attempt) => !isLogged(attempt))).toEqual([]);
  });

  test('what was said on a unix socket is read as from packets', () => {
    const causes = (scenario: string) => new Set(linesOf(scenario).map(({ verdict }) => verdict.cause));
    expect(causes('unix-invalid-header')).toEqual(new Set(['header-invalid']));
    expect(causes('unix-big-header')).toEqual(new Set(['header-too-big']));
    expect(causes('unix-fastcgi')).toEqual(new Set(['fastcgi-no-headers']));
    const [attempt] = linesOf('unix-fastcgi').flatMap(({ attempts }) => attempts);
    expect(attempt).toMatchObject({ transport: 'unix', protocol: 'fastcgi' });
  });
});

test(
  'in a mixed load the kernel ties nearly every attempt to its request, and nothing wrong is certain',
  async () => {
    const words = ['--kernel', '--connections', '1000', '--concurrency', '24', '--seed', '502'];
    const { truth, lines } = await labRun(newStage(), ...words);
    const score = scoreRun('kernel', truth, lines, true);
    const { tcp, details } = score;
    expect(tcp.logged).toBeGreaterThan(100);
    expect(details.filter(isCertainlyWrong)).toEqual([]);
    expect((100 * tcp.peersRight) / tcp.logged, complaintTable(score)).toBeGreaterThanOrEqual(99);
    const attempts = lines.filter(({ type }) => type === 'incident').flatMap((line) => line.attempts);
    const linked = attempts.filter(({ link }) => link === 'kernel').length;
    expect((100 * linked) / attempts.length).toBeGreaterThanOrEqual(99);
  },
  LIMIT_MS,
);
