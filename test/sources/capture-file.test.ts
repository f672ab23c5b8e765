import { execFileSync, spawn } from 'node:child_process';
import { createWriteStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { afterAll, describe, expect, test } from 'vitest';
import {
  type CaptureSummary,
  type ReadOptions,
  readCapture,
  readCaptureStream,
} from '../../src/sources/capture-file.ts';
import type { InputFailure } from '../../src/sources/failure.ts';
import { gzipped, pcapFile, pcapngBlocks, pcapngFile, pcapRecord, SOME_TIME } from '../kit/capture-files.ts';
import { concat, octets, tcpFrame, text } from '../kit/packets.ts';

const folder = mkdtempSync(join(tmpdir(), 'why502-file-'));
afterAll(() => rmSync(folder, { recursive: true }));

const packets = Array.from({ length: 23 }, (_, n) => ({
  octets: tcpFrame({ seq: n }),
  at: SOME_TIME + BigInt(n) * 1_000n,
}));
const capture = pcapFile(packets, { nanoseconds: true });

function file(name: string, content: Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

interface Read {
  result: CaptureSummary | InputFailure;
  numbers: number[];
}

async function read(from: string | Readable, options: ReadOptions = {}): Promise<Read> {
  const numbers: number[] = [];
  const number = (record: { number: number }): void => void numbers.push(record.number);
  const sink = { frame: number, journal: number, loss: () => undefined };
  const result = await (typeof from === 'string'
    ? readCapture(from, sink, options)
    : readCaptureStream('a stream', from, sink, options));
  return { result, numbers };
}

describe('a capture file', () => {
  test('is read to its end and summed up', async () => {
    const { result, numbers } = await read(file('a.pcap', capture));
    expect(numbers).toHaveLength(23);
    expect(result).toEqual({
      kind: 'summary',
      name: join(folder, 'a.pcap'),
      format: 'pcap',
      octets: capture.length,
      frames: 23,
      journalEntries: 0,
      comments: 0,
      lost: 0,
      epoch: SOME_TIME,
      earliest: 0,
      latest: 22_000,
      interfaces: [{ id: 0, name: '', linkType: 1, snapLength: 262144 }],
      linkTypes: [1],
      damage: undefined,
      aborted: false,
    });
  });

  test('may be pcapng, and packed', async () => {
    const packed = gzipped(pcapngFile(packets));
    const { result, numbers } = await read(file('a.pcapng.gz', packed));
    expect(numbers).toHaveLength(23);
    expect(result).toMatchObject({ format: 'pcapng', frames: 23, octets: packed.length, damage: undefined });
  });

  test('counts what it holds besides frames', async () => {
    const block = pcapngBlocks();
    const told = block.enhancedPacket({ octets: octets(1) }, { comment: 'here' });
    const parts = [
      block.section(),
      block.interfaceDescription(),
      told,
      block.journal('A=1\n'),
      block.statistics({ osDrop: 4n }),
    ];
    expect((await read(file('b.pcapng', concat(...parts)))).result).toMatchObject({
      frames: 1,
      journalEntries: 1,
      comments: 1,
      lost: 4,
    });
  });

  test('tells epoch, progress and batches on the way', async () => {
    const told: unknown[] = [];
    await read(file('a.pcap', capture), {
      epoch: (epoch) => void told.push(epoch),
      progress: (octets, size) => void told.push([octets, size]),
      batch: (latest) => void told.push(latest),
    });
    expect(told).toEqual([[capture.length, capture.length], SOME_TIME, 22_000]);
  });

  test('without a record has times of 0', async () => {
    expect((await read(file('empty.pcap', pcapFile([])))).result).toMatchObject({
      frames: 0,
      earliest: 0,
      latest: 0,
      epoch: 0n,
    });
  });
});

describe('damage', () => {
  test('a file that ends inside a record gives everything before it', async () => {
    const { result, numbers } = await read(file('cut.pcap', capture.subarray(0, -3)));
    expect(numbers).toHaveLength(22);
    expect(result).toMatchObject({ kind: 'summary', frames: 22, damage: { kind: 'cut-short', record: 23 } });
  });

  test('gzip that ends too early or is damaged gives everything before it', async () => {
    const noise = Array.from({ length: 3000 }, (_, n) => ({
      octets: new Uint8Array(100).map((_, at) => (at * at * n * 7919) >> 4),
    }));
    const packed = gzipped(pcapFile(noise));
    const cut = await read(file('cut.pcap.gz', packed.subarray(0, -100)));
    expect(cut.numbers.length).toBeGreaterThan(1000);
    expect(cut.result).toMatchObject({
      kind: 'summary',
      damage: { kind: 'cut-short', text: 'the gzip data ends too early' },
    });
    packed.fill(0xff, packed.length - 5000, packed.length - 4000);
    const damaged = await read(file('bad.pcap.gz', packed));
    expect(damaged.result).toMatchObject({
      kind: 'summary',
      damage: { kind: 'damaged', text: 'the gzip data is damaged' },
    });
  });

  test('nothing is read after damage', async () => {
    const bad = concat(capture, new Uint8Array(16).fill(0xff), new Uint8Array(5_000_000));
    const { result } = await read(file('bad.pcap', bad));
    expect(result).toMatchObject({ frames: 23, damage: { kind: 'damaged', offset: capture.length } });
    expect((result as CaptureSummary).octets).toBeLessThan(bad.length);
  });
});

describe('what cannot be read', () => {
  test.each([
    ['nothing there', join(folder, 'none.pcap'), 'ENOENT'],
    ['a directory', folder, 'EISDIR'],
    ['an empty file', file('empty', octets()), 'not-a-capture'],
    ['a text', file('log', text('upstream prematurely closed')), 'not-a-capture'],
    ['a packed text', file('log.gz', gzipped(text('upstream prematurely closed'))), 'not-a-capture'],
    ['gzip that is no gzip', file('no.gz', octets(0x1f, 0x8b, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1)), 'not-a-capture'],
    ['three octets', file('three', octets(0xd4, 0xc3, 0xb2)), 'not-a-capture'],
  ])('%s is a failure with cause and remedy', async (_, path, code) => {
    const { result } = await read(path);
    expect(result).toMatchObject({ kind: 'failure', code });
    expect((result as InputFailure).cause).toContain(path);
    expect((result as InputFailure).remedy).not.toBe('');
  });

  test('an error in the sink is not taken for one of the file', async () => {
    const bug = Object.assign(new Error('bug'), { code: 'EIO' });
    const sink = {
      frame: () => {
        throw bug;
      },
      journal: () => undefined,
      loss: () => undefined,
    };
    await expect(readCapture(file('a.pcap', capture), sink)).rejects.toBe(bug);
  });
});

describe('a stream', () => {
  test('hands on each piece as it arrives', async () => {
    const pipe = new PassThrough();
    const seen: number[] = [];
    const batches: number[] = [];
    let arrived = (): void => undefined;
    const sink = {
      frame: ({ number }: { number: number }) => void seen.push(number),
      journal: () => undefined,
      loss: () => undefined,
    };
    const reading = readCaptureStream('pipe', pipe, sink, {
      batch: (latest) => {
        batches.push(latest);
        arrived();
      },
    });
    for (const part of [pcapFile([{ octets: octets(1) }]), pcapRecord({ octets: octets(2) })]) {
      const next = new Promise<void>((resolve) => {
        arrived = resolve;
      });
      pipe.write(part);
      await next;
    }
    expect(seen).toEqual([1, 2]);
    expect(batches).toEqual([0, 0]);
    pipe.end();
    expect(await reading).toMatchObject({ kind: 'summary', name: 'pipe', frames: 2, damage: undefined });
  });

  test('ends without damage when the signal comes, even in the middle of a record', async () => {
    const abort = new AbortController();
    const endless = new Readable({ read: () => undefined });
    endless.push(capture.subarray(0, capture.length - 5));
    const reading = read(endless, { signal: abort.signal, batch: () => abort.abort() });
    const { result, numbers } = await reading;
    expect(numbers).toHaveLength(22);
    expect(result).toMatchObject({ kind: 'summary', aborted: true, damage: undefined });
  });

  test('that says nothing ends when the signal comes', async () => {
    const abort = new AbortController();
    const reading = read(new Readable({ read: () => undefined }), { signal: abort.signal });
    abort.abort();
    expect((await reading).result).toMatchObject({ kind: 'summary', format: undefined, frames: 0, aborted: true });
  });

  test('that breaks is damage; what came before stands', async () => {
    const broken = Readable.from(
      (function* () {
        yield capture;
        throw Object.assign(new Error('gone'), { code: 'EIO' });
      })(),
    );
    const { result, numbers } = await read(broken);
    expect(numbers).toHaveLength(23);
    expect(result).toMatchObject({ damage: { text: 'reading stopped: EIO', offset: capture.length } });
  });
});

describe('pipes of the system', () => {
  test('a named pipe is waited for and read', async () => {
    const path = join(folder, 'fifo');
    execFileSync('mkfifo', [path]);
    const reading = read(path);
    const writer = createWriteStream(path);
    writer.end(capture);
    expect((await reading).result).toMatchObject({ kind: 'summary', frames: 23, damage: undefined });
  });

  test('a named pipe that nobody writes to does not hold the program', async () => {
    const path = join(folder, 'silent');
    execFileSync('mkfifo', [path]);
    const abort = new AbortController();
    const reading = read(path, { signal: abort.signal });
    setImmediate(() => abort.abort());
    expect((await reading).result).toMatchObject({ aborted: true });
  });

  test('standard input is read from a pipe and from a file', async () => {
    const script = `
      import { readCapture } from ${JSON.stringify(join(import.meta.dirname, '../../src/sources/capture-file.ts'))};
      const sink = { frame() {}, journal() {}, loss() {} };
      const { name, frames, damage } = await readCapture('-', sink);
      console.log(JSON.stringify({ name, frames, damage }));`;
    const main = file('main.mts', text(script));
    const path = file('a.pcap', capture);
    const tsx = join(import.meta.dirname, '../../node_modules/.bin/tsx');
    for (const command of [`cat ${path} | ${tsx} ${main}`, `${tsx} ${main} < ${path}`]) {
      expect(JSON.parse(await output(command))).toEqual({ name: 'standard input', frames: 23 });
    }
  }, 30_000);
});

async function output(command: string): Promise<string> {
  const child = spawn('sh', ['-c', command], { stdio: ['ignore', 'pipe', 'inherit'] });
  const parts: Buffer[] = [];
  for await (const part of child.stdout) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}
