/** How the capture program begins, ends and goes on: privileges, readers that stop, files in turn, interfaces that come and go. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readCapture } from '../../src/sources/capture-file.ts';
import { inside } from '../lab/netns.ts';
import { until } from '../lab/programs/start.ts';
import {
  CAPTURE,
  loadedPrograms,
  make,
  newPlace,
  READY,
  startCapture,
  startPiped,
  stopWhenSeen,
} from './capture-program.ts';
import { manyTargets, startTraffic } from './capture-traffic.ts';
import { captured, expectReadable, rows } from './captured.ts';
import { why502 } from './lab-run.ts';

const LIMIT_MS = 120_000;
const NOBODY = 65_534;
/** Whom nobody else here is. */
const CALLER = 65_533;
/** In which each file of a rotation ends, and how many there are. */
const ROTATION = { octets: 128 * 1024, files: 3 };

/** `{ SUDO: 7 }` as `SUDO_UID=7`, and so on. */
const idsOf = (told: Readonly<Record<string, number>>): string[] =>
  Object.entries(told).flatMap(([name, id]) => [`${name}_UID=${id}`, `${name}_GID=${id}`]);

describe('privileges', () => {
  test.each([
    ['belong to the user who called sudo', { SUDO: CALLER }, CALLER, CALLER],
    ['stay root’s where nobody called it', { WHY502: NOBODY }, NOBODY, 0],
    ['belong to who called sudo, whoever the program becomes', { SUDO: CALLER, WHY502: NOBODY }, NOBODY, CALLER],
  ])('are given up before the first packet, and files %s', async (_, told, user, owner) => {
    const place = newPlace();
    const { stage } = place;
    const file = join(stage.dir, 'case.pcapng');
    const capture = await startCapture(place, ['-w', file], idsOf(told));
    const status = readFileSync(`/proc/${capture.program.process.pid}/status`, 'utf8');
    const field = (name: string) => new RegExp(`^${name}:\\t(.*)$`, 'm').exec(status)?.[1]?.trim();
    for (const set of ['CapInh', 'CapPrm', 'CapEff', 'CapBnd', 'CapAmb']) expect(field(set), set).toMatch(/^0+$/);
    expect(field('NoNewPrivs')).toBe('1');
    expect(field('Seccomp')).toBe('2');
    expect(field('Uid')?.split('\t')).toEqual(Array(4).fill(String(user)));
    expect(field('Gid')?.split('\t')).toEqual(Array(4).fill(String(user)));
    expect(field('Groups')).toBe('');
    expect(statSync(file)).toMatchObject({ uid: owner, gid: owner });
    await capture.program.stop('SIGINT');
    expect(capture.program.process.exitCode).toBe(0);
  });

  test.each([
    ['cap_net_raw,cap_bpf,cap_perfmon=ep', [], undefined],
    ['cap_net_raw=ep', ['--no-triage'], undefined],
    ['cap_net_raw=ep', [], 'CAP_BPF'],
    ['cap_net_raw,cap_bpf=ep', [], 'CAP_PERFMON'],
    ['cap_bpf,cap_perfmon=ep', [], 'CAP_NET_RAW'],
  ] as const)('of a file, without root: %s, options %j, missing: %s', async (granted, options, missing) => {
    const place = newPlace();
    const { stage, namespace } = place;
    make();
    const copy = join(stage.dir, 'why502-capture');
    copyFileSync(CAPTURE, copy);
    chmodSync(copy, 0o755);
    execFileSync('setcap', [granted, copy]);
    const words = ['--reuid', String(NOBODY), '--clear-groups', copy, '--duration', '50ms', ...options];
    const { code, said } = await run(inside(namespace, 'setpriv', words));
    if (missing === undefined) {
      expect([code, said]).toEqual([0, expect.stringContaining(READY)]);
    } else {
      expect(code).toBe(4);
      expect(said).toContain(missing);
      expect(said).toContain(`sudo setcap cap_net_raw,cap_bpf,cap_perfmon=ep ${copy}`);
    }
  });
});

describe('a host that has not mounted tracefs', () => {
  test('sees every probe attached all the same, and no mount of ours', async () => {
    make();
    const before = readFileSync('/proc/mounts', 'utf8');
    const bare = 'umount -a -t tracefs,debugfs; test ! -e /sys/kernel/tracing/events && exec "$@"';
    const trial = [CAPTURE, '--syscalls', '--duration', '1ms', '-i', 'lo', '-w', '/dev/null'];
    const { code, said } = await run(['unshare', ['--mount', 'sh', '-c', bare, 'sh', ...trial]]);
    expect(code, said).toBe(0);
    expect(said).toContain(READY);
    expect(said).not.toContain('without the probe');
    expect(readFileSync('/proc/mounts', 'utf8')).toBe(before);
  });
});

describe('the end', () => {
  test('SIGKILL leaves no process and no BPF program behind', async () => {
    const place = newPlace();
    const { stage } = place;
    const before = loadedPrograms();
    const capture = await startCapture(place, ['-w', join(stage.dir, 'case.pcapng')]);
    const loaded = loadedPrograms().filter((id) => !before.includes(id));
    expect(loaded.length).toBeGreaterThan(0);
    await capture.program.stop('SIGKILL');
    // The kernel frees them a moment later.
    await until('its programs are gone', () => loadedPrograms().every((id) => !loaded.includes(id)));
    expect(existsSync(`/proc/${capture.program.process.pid}`)).toBe(false);
  });

  test('its reader goes: it ends by itself, with nothing to say on the wire', async () => {
    const place = newPlace();
    const { namespace } = place;
    const capture = await startPiped(place, inside(namespace, CAPTURE, ['-i', 'lo']));
    capture.child.stdout.destroy();
    expect(await capture.ended).toEqual([0, null]);
    expect(capture.said()).toContain('the reader is gone');
  });

  test('its parent dies: what it holds is written, and it ends', async () => {
    const place = newPlace();
    const { stage, namespace } = place;
    const file = join(stage.dir, 'case.pcapng');
    const script = '"$0" -i lo -w "$1" & echo $!; wait';
    const { child, said } = await startPiped(place, inside(namespace, 'sh', ['-c', script, CAPTURE, file]));
    const [line] = await once(child.stdout, 'data');
    const pid = Number(String(line));
    const running = () => readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(file);
    expect(running()).toBe(true);
    child.kill('SIGKILL');
    await until('it has said its last words', () => said().includes('packets dropped by the kernel'));
    expect((await captured(file)).damage).toBeUndefined();
    await until('it has ended', () => !existsSync(`/proc/${pid}`) || !running());
  });
});

describe('a reader that stops', () => {
  test(
    'costs packets in the kernel only; they are counted in the stream, where they are missing, and at the end',
    async () => {
      const place = newPlace();
      const { stage, namespace } = place;
      const traffic = await startTraffic(place);
      const file = join(stage.dir, 'stopped.pcapng');
      const words = ['-i', 'lo', '--no-triage', '--ring', '256K'];
      const capture = await startPiped(place, inside(namespace, CAPTURE, words));
      // Nobody reads: the pipe is full first, then the buffer, then the ring.
      await traffic.ask(Array.from({ length: 200 }, (_, n) => `/page?n=${n}`));
      const pieces: Buffer[] = [];
      capture.child.stdout.on('data', (octets: Buffer) => pieces.push(octets));
      await traffic.ask(['/closed/behind']);
      await until('what came behind the hole is there', () =>
        pieces.some((octets) => octets.includes('/closed/behind')),
      );
      capture.child.kill('SIGTERM');
      expect(await capture.ended).toEqual([0, null]);
      writeFileSync(file, Buffer.concat(pieces));
      const said = /(\d+) packets, \d+ octets written, (\d+) packets dropped/.exec(capture.said());
      const summary = await captured(file);
      expect(Number(said?.[2])).toBeGreaterThan(100);
      expect(summary.lost).toBe(Number(said?.[2]));
      expect(summary.frames).toBe(Number(said?.[1]));
      expect(summary.damage).toBeUndefined();
      const records = await inOrder(file);
      expect(records.map(({ at }) => at)).toEqual(records.map(({ at }) => at).toSorted((a, b) => a - b));
      const hole = records.findIndex(({ lost }) => lost > 0);
      expect(hole).toBeGreaterThan(0);
      expect(hole).toBeLessThan(records.length - 1);
      const lines = (await why502('analyze', file, '--format', 'ndjson')).trim().split('\n');
      const told = lines.map((line) => JSON.parse(line)).filter(({ type }) => type === 'loss');
      expect(told.length).toBeGreaterThan(0);
    },
    LIMIT_MS,
  );
});

describe('files in turn', () => {
  test(
    'are bounded in size and number, and each is a capture by itself, also before it is used',
    async () => {
      const place = newPlace();
      const { stage } = place;
      const traffic = await startTraffic(place);
      const folder = join(stage.dir, 'files');
      mkdirSync(folder);
      const limits = ['--rotate-size', String(ROTATION.octets), '--files', String(ROTATION.files)];
      const capture = await startCapture(place, ['-i', 'lo', '-w', join(folder, 'case.pcapng'), ...limits]);
      const files = readdirSync(folder).toSorted();
      expect(files).toEqual(['case.0.pcapng', 'case.1.pcapng', 'case.2.pcapng']);
      for (const file of files.slice(1)) expectReadable(join(folder, file));
      const used = () => files.filter((file) => statSync(join(folder, file)).size > ROTATION.octets / 2).length;
      for (let round = 0; used() < files.length && round < 50; round++) await traffic.ask(manyTargets(100));
      await traffic.ask(manyTargets(200));
      await capture.program.stop('SIGINT');
      expect(used()).toBeGreaterThanOrEqual(files.length - 1);
      for (const file of files) {
        expectReadable(join(folder, file));
        // A file ends after the buffer that crosses the limit: a piece of what one look at the ring brings.
        expect(statSync(join(folder, file)).size).toBeLessThan(ROTATION.octets * 8);
        expect(await captured(join(folder, file))).toMatchObject({ damage: undefined, lost: 0 });
      }
    },
    LIMIT_MS,
  );
});

describe('interfaces', () => {
  test('that appear are followed without a privilege, those that go are let go', async () => {
    const place = newPlace();
    const { stage, namespace } = place;
    const file = join(stage.dir, 'case.pcapng');
    const capture = await startCapture(place, ['-w', file]);
    const ip = (...words: string[]) => execFileSync('ip', ['-n', namespace, ...words]);
    for (const round of [1, 2]) {
      ip('link', 'add', `new${round}`, 'type', 'veth', 'peer', 'name', `peer${round}`);
      ip('address', 'add', `10.99.${round}.1/24`, 'dev', `new${round}`);
      ip('link', 'set', `peer${round}`, 'up');
      ip('link', 'set', `new${round}`, 'up');
      await until(`new${round} is followed`, () => capture.said().includes(`${READY} new${round} too`));
      // Nobody answers: what is seen of it are ARP requests.
      const knock = `require('net').connect(80, '10.99.${round}.2').on('error', () => {}); setTimeout(() => process.exit(), 300)`;
      execFileSync(...inside(namespace, process.execPath, ['-e', knock]));
      ip('link', 'delete', `new${round}`);
      await until(`new${round} is let go`, () => capture.said().includes(`new${round} is gone`));
    }
    await capture.program.stop('SIGINT');
    const names = rows(file, 'arp', ['frame.interface_name']);
    for (const name of ['new1', 'new2']) expect(names).toContain(name);
    expectReadable(file);
  });
});

describe('the command line', () => {
  test.each([
    [['--port', '0'], 2, 'out of bounds'],
    [['--ring', '64X'], 2, 'the unit is not known'],
    [['--host', 'shop'], 2, 'no address'],
    [['--files', '3'], 2, 'rotation needs files'],
    [['-i', 'nothing0'], 2, 'there is no interface of that name'],
    [['nonsense'], 2, 'not an option'],
    [['-w', '/nowhere/case.pcapng'], 1, 'its folder is not there'],
  ] as const)('%j is refused with %i and a sentence', async (args, code, text) => {
    make();
    expect(await run([CAPTURE, args])).toEqual({ code, said: expect.stringContaining(text) });
  });

  test('--host and --port leave all other TCP out', async () => {
    const place = newPlace();
    const { stage } = place;
    const traffic = await startTraffic(place);
    const file = join(stage.dir, 'case.pcapng');
    const only = ['--port', '8080', '--host', '127.0.0.1', '--host', '::1'];
    const capture = await startCapture(place, ['-i', 'lo', ...only, '-w', file]);
    await traffic.ask(['/one', '/last']);
    await stopWhenSeen(capture, file, '/last');
    const ports = rows(file, 'tcp', ['tcp.port']);
    expect(ports.length).toBeGreaterThan(5);
    expect(ports.filter((row) => !row.split(',').includes('8080'))).toEqual([]);
  });
});

/** Packets, and what was lost between them, as they stand in the stream. */
async function inOrder(file: string): Promise<{ readonly at: number; readonly lost: number }[]> {
  const records: { at: number; lost: number }[] = [];
  await readCapture(file, {
    frame: ({ at }) => void records.push({ at, lost: 0 }),
    journal: () => {},
    loss: ({ at, count }) => void records.push({ at, lost: count }),
  });
  return records;
}

interface Ended {
  readonly code: number;
  /** On standard error. */
  readonly said: string;
}

/** To its end; what it writes to standard output is thrown away. */
async function run([command, args]: [string, readonly string[]]): Promise<Ended> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  child.stderr.on('data', (octets: Buffer) => {
    said += octets.toString();
  });
  child.stdout.resume();
  const [code] = await once(child, 'close');
  return { code, said };
}
