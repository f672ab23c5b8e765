/** The program as its users meet it: words in, words and an exit code out. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { gzipped, pcapFile } from './kit/capture-files.ts';
import { ended, start, why502 } from './sinks/kit/program.ts';
import { refusedCapture, refusedFrames } from './sinks/kit/refused-capture.ts';

let folder = '';
const file = (name: string): string => join(folder, name);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'why502-cli-'));
  const capture = refusedCapture({ requests: 5 });
  writeFileSync(file('refused.pcapng'), capture);
  writeFileSync(file('refused.pcap'), pcapFile(refusedFrames({ requests: 5 }), { nanoseconds: true }));
  writeFileSync(file('refused.pcapng.gz'), gzipped(capture));
  writeFileSync(file('cut.pcapng'), capture.subarray(0, capture.length - 30));
  writeFileSync(file('secret.pcapng'), refusedCapture({ target: '/a?token=S3CR3T' }));
  writeFileSync(file('hostile.pcapng'), refusedCapture({ target: '/\x1b]0;x\x07\x9b2J' }));
  writeFileSync(file('notes.txt'), 'no capture, just a note\n');
  writeFileSync(file('empty.pcapng'), '');
  const damaged = capture.slice();
  damaged.fill(0xff, capture.length - 200, capture.length - 100);
  writeFileSync(file('damaged.pcapng'), damaged);
});
afterAll(() => rmSync(folder, { recursive: true }));

const NDJSON = ['analyze', '--format', 'ndjson'];

function documents(stdout: string): Record<string, unknown>[] {
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}

describe('analyze', () => {
  test('explains the 502s of a capture in words', async () => {
    const { code, stdout, stderr } = await why502(['analyze', 'refused.pcapng'], { cwd: folder });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^refused\.pcapng .* 5 requests {2}5 of them 502 \(100\.0 %\)/);
    expect(stdout).toMatch(/^ +5 {2}connect-refused {2}10\.0\.0\.7:8080/m);
    expect(stdout).toContain('GET /api/cart?id=7');
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  test.each(['refused.pcap', 'refused.pcapng', 'refused.pcapng.gz'])(
    'reads %s without being told what it is',
    async (name) => {
      const { stdout } = await why502([...NDJSON, file(name)]);
      const found = documents(stdout);
      expect(found.map(({ type }) => type)).toEqual([...Array(5).fill('incident'), 'summary']);
      expect(found[0]).toMatchObject({ verdict: { cause: 'connect-refused' }, attempts: [{ peer: '10.0.0.7:8080' }] });
    },
  );

  test('is what a file name alone means', async () => {
    const [long, short] = await Promise.all([
      why502([...NDJSON, file('refused.pcapng')]),
      why502(['--format', 'ndjson', file('refused.pcapng')]),
    ]);
    expect(short.stdout).toBe(long.stdout);
    expect((await why502([file('refused.pcapng'), '--format', 'ndjson'])).stdout).toBe(long.stdout);
  });

  test.each([['-'], ['analyze', '-']])('reads standard input: %s', async (...args) => {
    const { code, stdout } = await why502(args, { stdin: refusedCapture({ requests: 2 }) });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^i-1 /);
    expect(stdout).toMatch(/^standard input .* 2 of them 502/m);
  });

  test('gives one JSON document, of several files a list', async () => {
    const one = JSON.parse((await why502(['analyze', '--format', 'json', file('refused.pcapng')])).stdout);
    expect(one).toMatchObject({ schema: 1, incidents: { length: 5 }, summary: { incidents: 5 } });
    const args = ['analyze', '--format', 'json', file('notes.txt'), file('refused.pcapng'), file('refused.pcap')];
    const several = await why502(args);
    expect(JSON.parse(several.stdout)).toMatchObject([
      { file: file('refused.pcapng') },
      { file: file('refused.pcap') },
    ]);
    expect(several.code).toBe(3);
  });

  test('takes the gateway it is told', async () => {
    const { stdout } = await why502([...NDJSON, '--gateway', '10.9.9.9:80', file('refused.pcapng')]);
    expect(documents(stdout).filter(({ type }) => type === 'incident')).toEqual([]);
  });

  test('exits with 1 for a 502 only when asked to', async () => {
    expect((await why502([...NDJSON, '--exit-code', file('refused.pcapng')])).code).toBe(1);
    expect((await why502([...NDJSON, file('refused.pcapng')])).code).toBe(0);
  });

  test('masks secrets unless told otherwise', async () => {
    for (const format of ['text', 'json', 'ndjson']) {
      const args = ['analyze', '--format', format, file('secret.pcapng')];
      expect((await why502(args)).stdout).toContain('/a?token=***');
      expect((await why502([...args, '--show-secrets'])).stdout).toContain('/a?token=S3CR3T');
    }
  });

  test('prints nothing that could steer a terminal', async () => {
    for (const format of ['text', 'json', 'ndjson']) {
      const { stdout } = await why502(['analyze', '--format', format, '--color', 'never', file('hostile.pcapng')]);
      expect(stdout.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
    }
  });

  test('has no colours in a pipe, and has them when asked', async () => {
    expect((await why502([file('refused.pcapng')])).stdout).not.toContain('\x1b');
    expect((await why502([file('refused.pcapng'), '--color', 'always'])).stdout).toContain('\x1b[');
    expect((await why502([file('refused.pcapng'), '--color', 'always', '--no-color'])).stdout).not.toContain('\x1b');
  });

  test('honours COLUMNS', async () => {
    const { stdout } = await why502([file('refused.pcapng')], { env: { COLUMNS: '60' } });
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(60);
  });
});

describe('input that cannot be read', () => {
  test('a capture that ends too early is reported as far as it goes', async () => {
    const { code, stdout, stderr } = await why502([...NDJSON, file('cut.pcapng')]);
    expect(code).toBe(3);
    expect(documents(stdout).at(-1)).toMatchObject({ incidents: 5, damage: { kind: 'cut-short' } });
    expect(stderr).toMatch(/^why502: .*cut\.pcapng: cut short at offset \d+ \(record \d+\): .*\.\n$/);
  });

  test('a damaged capture is reported up to the damage', async () => {
    const { code, stdout, stderr } = await why502([file('damaged.pcapng')]);
    expect(code).toBe(3);
    expect(stdout).toContain('This is what was read before');
    expect(stderr).toMatch(/^why502: .*damaged\.pcapng: (?:damaged|cut short) at offset \d+/);
  });

  test.each([
    ['gone.pcap', 'no such file'],
    ['notes.txt', 'notes.txt'],
    ['empty.pcapng', 'empty'],
    ['', 'directory'],
  ])('%j is no capture: a line on stderr, nothing on stdout', async (name, why) => {
    const { code, stdout, stderr } = await why502(['analyze', file(name)]);
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(stderr).toMatch(/^why502: .+\. .+\n$/);
    expect(stderr).toContain(why);
  });

  test('the others are analysed all the same, and the worst decides the exit code', async () => {
    const { code, stdout } = await why502([...NDJSON, '--exit-code', file('gone.pcap'), file('refused.pcapng')]);
    expect(code).toBe(3);
    expect(documents(stdout).at(-1)).toMatchObject({ type: 'summary', incidents: 5 });
  });

  test('a file name cannot steer the terminal', async () => {
    const { stderr } = await why502(['analyze', file('\x1b[2J.pcap')]);
    expect(stderr).not.toContain('\x1b');
  });
});

describe('a command line that makes no sense', () => {
  test.each([
    [['analyze', '--formt', 'json', 'x'], 'Did you mean --format?'],
    [['analyze', '--format', 'xml', 'x'], 'text, json or ndjson'],
    [['analyze', '--format'], 'needs a value'],
    [['analyze', '--gateway', '--all', 'x'], 'needs a value'],
    [['analyze', '--all=yes', 'x'], 'takes no value'],
    [['analyze', '--gateway', 'web1', 'x'], 'not an address with a port'],
    [['analyze'], 'no capture was named'],
    [['analyse', 'x'], 'Did you mean: why502 analyze?'],
    [['analyze', '--save-evidence', 'out', '-'], 'pipe'],
    [['explain'], 'no cause was named'],
    [['explain', 'conect-refused'], 'Did you mean: connect-refused?'],
    [['live', '--format', 'json'], 'text or ndjson'],
    [['--duration', 'soon'], '90s'],
    [['-i', 'no such thing'], 'eth0'],
    [['live', 'a.pcap'], 'not an option'],
    [['record'], 'why502 record -o case.pcapng'],
    [['doctor', '--format', 'xml'], 'text or json'],
    [['--tui', 'x'], 'terminal'],
  ])('%j', async (args, remedy) => {
    const { code, stdout, stderr } = await why502(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^why502: .+\n$/);
    expect(stderr).toContain(remedy);
  });

  test('a command that is also a file is the command; ./ makes it a file', async () => {
    writeFileSync(file('explain'), refusedCapture());
    expect((await why502(['explain', 'connect-refused'], { cwd: folder })).stdout).toMatch(/^connect-refused/);
    expect((await why502(['./explain'], { cwd: folder })).stdout).toMatch(/1 of them 502/);
  });
});

describe('help', () => {
  test.each([['--help'], ['-h'], ['help'], ['analyze', '--help'], ['explain', '-h'], ['help', 'analyze']])(
    '%s',
    async (...args) => {
      const { code, stdout, stderr } = await why502(args);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).toContain('why502');
    },
  );

  test('the version is that of the package', async () => {
    expect((await why502(['--version'])).stdout).toMatch(/^why502 \d+\.\d+\.\d+\n$/);
  });

  test('a cause is explained, and all are listed', async () => {
    const { code, stdout } = await why502(['explain', 'stale-keepalive', 'connect-refused']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^stale-keepalive.*^connect-refused/ms);
    expect((await why502(['explain', '--list'])).stdout).toContain('tls-handshake-alert');
  });
});

describe('a reader that goes away', () => {
  test.each(['text', 'ndjson', 'json'])('ends a %s report quietly', async (format) => {
    writeFileSync(file('many.pcapng'), refusedCapture({ requests: 4000 }));
    const child = start(['analyze', '--all', '--format', format, file('many.pcapng')]);
    child.stdout?.once('data', () => child.stdout?.destroy());
    const { code, stderr } = await ended(child);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });
});

describe('a pipe', () => {
  test('shows each 502 within a second of its last packet, though nothing follows', async () => {
    const child = start(['-']);
    let stdout = '';
    child.stdout?.setEncoding('utf8').on('data', (text) => {
      stdout += text;
    });
    child.stdin?.write(refusedCapture());
    const written = performance.now();
    while (!stdout.includes('connect-refused') && performance.now() - written < 10_000)
      await once(child.stdout as never, 'data');
    expect(stdout).toMatch(/^i-1 /);
    child.stdin?.end();
    expect((await ended(child)).code).toBe(0);
  });

  test('ends with a summary when the user interrupts', async () => {
    const child = start(['-']);
    const done = ended(child);
    child.stdin?.write(refusedCapture());
    await once(child.stdout as never, 'data');
    child.kill('SIGINT');
    const { code, stdout } = await done;
    expect(code).toBe(0);
    expect(stdout).toMatch(/standard input .* 1 of them 502/);
  });

  test('from tail -f is read as it grows', async () => {
    writeFileSync(file('growing.pcapng'), refusedCapture());
    const tail = spawn('tail', ['-c', '+1', '-f', file('growing.pcapng')]);
    const child = start(['--format', 'ndjson', '-']);
    tail.stdout.pipe(child.stdin as never);
    const [text] = await once((child.stdout as never as NodeJS.ReadableStream).setEncoding('utf8'), 'data');
    expect(JSON.parse(String(text).split('\n', 1)[0] as string)).toMatchObject({ type: 'incident', id: 'i-1' });
    tail.kill();
    expect((await ended(child)).code).toBe(0);
  });
});

describe('--save-evidence', () => {
  test('saves a capture an incident, which gives the same verdict again', async () => {
    const out = file('evidence');
    const { code, stderr } = await why502([file('refused.pcapng'), '--save-evidence', out]);
    expect(code).toBe(0);
    expect(stderr).toBe(`Saved 5 files in ${out} (as captured: with secrets).\n`);
    const names = readdirSync(out).sort();
    expect(names[0]).toBe('refused-i-1-connect-refused.pcapng');
    const again = documents((await why502([...NDJSON, join(out, names[0] as string)])).stdout);
    expect(again).toMatchObject([
      { type: 'incident', verdict: { cause: 'connect-refused' }, time: '2026-11-20T12:31:00.000300000Z' },
      { type: 'summary', requests: 1, frames: 10 },
    ]);
  });

  test('refuses a directory that cannot be', async () => {
    writeFileSync(file('plain'), '');
    const { code, stderr, stdout } = await why502([file('refused.pcapng'), '--save-evidence', file('plain')]);
    expect({ code, stdout }).toEqual({ code: 4, stdout: '' });
    expect(stderr).toMatch(/^why502: .+\n$/);
  });

  test('leaves what is in the directory alone', async () => {
    const out = file('twice');
    mkdirSync(out);
    for (let n = 0; n < 2; n++) await why502([file('secret.pcapng'), '--save-evidence', out]);
    expect(readdirSync(out).sort()).toEqual([
      'secret-i-1-connect-refused-2.pcapng',
      'secret-i-1-connect-refused.pcapng',
    ]);
  });
});
