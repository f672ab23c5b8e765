/** The kernel as witness: real failures, each told of once, and what why502 makes of them. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isCertainlyWrong, scoreRun } from '../lab/score.ts';
import { complaintTable } from '../lab/scoreboard.ts';
import { newPlace, startCapture, stopWhenSeen } from './capture-program.ts';
import { startTraffic } from './capture-traffic.ts';
import { expectReadable, rows } from './captured.ts';
import { labRun } from './lab-run.ts';
import { newStage } from './stage.ts';

const LIMIT_MS = 120_000;
const EACH = 23;

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
    await traffic.ask(failures.flatMap(each));
    for (let n = 0; n < EACH; n++) await killOne();
    await refusedOutside();
    await traffic.ask(['/last']);
    await stopWhenSeen(capture, file, '/last');

    const told = rows(file, 'systemd_journal', ['systemd_journal.message']);
    const count = (pattern: RegExp): number => told.filter((line) => pattern.test(line)).length;
    expect(count(/^nginx\[\d+\] closed .*:9: Connection refused/)).toBe(EACH);
    expect(count(/^this host reset 127[.]0[.]0[.]1:9 -> .*: NO_SOCKET$/)).toBe(EACH);
    expect(count(/^nginx\[\d+\] closed .*:3000: Connection reset by peer/)).toBe(EACH);
    expect(count(/^node\[\d+\] reset 127[.]0[.]0[.]1:3000 -> /)).toBe(EACH);
    expect(count(/^node\[\d+\] closed 127[.]0[.]0[.]1:3000 -> .* without an answer$/)).toBe(EACH);
    expect(count(/^nginx\[\d+\] closed .*:3000: the peer had closed it; /)).toBe(EACH);
    expect(count(/^nginx\[\d+\] closed .*:1[12]: Connection refused/)).toBe(2 * EACH);
    expect(count(/^nginx\[\d+\] tried again: 127[.]0[.]0[.]1:1[12]$/)).toBe(EACH);
    expect(count(/^nginx\[\d+\]'s connection to unix:.*none[.]sock ended: No such file or directory/)).toBe(EACH);
    expect(count(/^nginx\[\d+\] could not connect to 10[.]79[.]0[.]1:80: Permission denied/)).toBe(EACH);
    expect(count(/^nginx\[\d+\] could not connect to \[2001:db8::1\]:80: Network is unreachable/)).toBe(EACH);
    expect(count(/^this host dropped a segment .* -> 10[.]77[.]0[.]2:7001: NETFILTER_DROP$/)).toBe(EACH);
    expect(count(/^nginx\[\d+\] closed .*:7001: Connection refused/)).toBe(EACH);
    expect(count(/^nginx\[\d+\] answered .* with 502 because of that$/)).toBe(failures.length * EACH);
    expect(count(/^\S+\[\d+\] sent SIGKILL to sleep\[\d+\]$/)).toBe(EACH);
    expect(count(/^sleep\[\d+\] was ended by signal 9 \(SIGKILL\)$/)).toBe(EACH);
    expect(count(/events were lost/)).toBe(0);
    expectReadable(file);
  },
  LIMIT_MS,
);

async function killOne(): Promise<void> {
  const child = spawn('sleep', ['60'], { stdio: 'ignore' });
  await once(child, 'spawn');
  child.kill('SIGKILL');
  await once(child, 'exit');
}

test(
  'a worker of php-fpm that dies is named, over TCP and over a unix socket, with certainty',
  async () => {
    const words = ['--kernel', '--scenarios', 'php-kill,unix-php-kill', '--connections', '8'];
    const { truth, lines } = await labRun(newStage(), ...words);
    expect(lines.length).toBe(truth.length);
    for (const line of lines) {
      expect(line).toMatchObject({
        verdict: { cause: 'reset-before-response', subcause: 'worker-killed', confidence: 'certain' },
        attempts: [{ link: 'kernel' }],
      });
    }
  },
  LIMIT_MS,
);

test.each([
  ['php-oom', /killed by the OOM killer/],
  ['php-stop', /the service was stopping or reloading/],
  ['php-stop', /nobody had accepted it/],
  ['php-full', /queue of php-fpm.* was full: queue [12] of 1/],
  ['php-full-unix', /queue of php-fpm.* was full: queue [12] of 1/],
])(
  'what befalls a whole service is told, and nothing is taken for something else: %s, %s',
  async (scenario, sentence) => {
    const { truth, lines } = await labRun(newStage(), '--kernel', '--scenarios', scenario, '--connections', '0');
    expect(scoreRun(scenario, truth, lines, true).details).toEqual([]);
    expect(lines.map(({ verdict }) => verdict.sentence).join('\n')).toMatch(sentence);
    expect(new Set(lines.flatMap(({ attempts }) => attempts.map(({ link }) => link)))).toEqual(new Set(['kernel']));
  },
  LIMIT_MS,
);

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
