import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, describe, expect, test } from 'vitest';
import { openPieces, openStream, type Pieces, unpacked } from '../../src/sources/pieces.ts';
import { gzipped } from '../kit/capture-files.ts';
import { concat, octets, text } from '../kit/packets.ts';

const folder = mkdtempSync(join(tmpdir(), 'why502-pieces-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(content: Uint8Array): string {
  const path = join(folder, 'file');
  writeFileSync(path, content);
  return path;
}

async function all(pieces: Pieces): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const piece of pieces) parts.push(piece.slice());
  return concat(...parts);
}

/** Octets that cannot be packed. */
function noise(size: number): Uint8Array {
  let state = 1;
  return new Uint8Array(size).map(() => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 24;
  });
}

async function* inPieces(content: Uint8Array, size: number): Pieces {
  const borrowed = new Uint8Array(size);
  for (let at = 0; at < content.length; at += size) {
    const piece = content.subarray(at, at + size);
    borrowed.set(piece);
    yield borrowed.subarray(0, piece.length);
    borrowed.fill(0xee);
  }
}

describe('a file', () => {
  test('is read whole, whatever its size', async () => {
    for (const size of [0, 1, 1024 * 1024, 2.5 * 1024 * 1024]) {
      const content = new Uint8Array(size).map((_, at) => at * 31 + (at >> 12));
      const opened = await openPieces(file(content));
      expect(opened.size).toBe(size);
      expect(Buffer.compare(await all(opened.pieces), content)).toBe(0);
      await opened.close();
    }
  });

  test('may be left in the middle', async () => {
    const opened = await openPieces(file(new Uint8Array(3 * 1024 * 1024)));
    for await (const piece of opened.pieces) {
      expect(piece).toHaveLength(512 * 1024);
      break;
    }
    await opened.close();
  });

  test('that is a directory, or not there, is refused with the code of the system', async () => {
    await expect(openPieces(folder)).rejects.toMatchObject({ code: 'EISDIR' });
    await expect(openPieces(join(folder, 'none'))).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

describe('a stream', () => {
  test('gives its pieces as they are', async () => {
    const opened = openStream(Readable.from([octets(1), octets(2, 3)]));
    expect(opened.size).toBeUndefined();
    expect(await all(opened.pieces)).toEqual(octets(1, 2, 3));
    await opened.close();
  });

  test('ends with an error when the signal comes', async () => {
    const abort = new AbortController();
    const opened = openStream(new Readable({ read: () => undefined }), abort.signal);
    const reading = all(opened.pieces);
    abort.abort();
    await expect(reading).rejects.toMatchObject({ name: 'AbortError' });
    await opened.close();
  });
});

describe('gzip', () => {
  const content = text('the octets of a capture, '.repeat(40_000));

  test.each([1, 7, 65_536])('is unpacked from pieces of %i octets', async (size) => {
    const short = content.subarray(0, size === 1 ? 300 : content.length);
    expect(Buffer.compare(await all(unpacked(inPieces(gzipped(short), size))), short)).toBe(0);
  });

  test('of several members in a row is unpacked as one', async () => {
    const two = concat(gzipped(text('first, ')), gzipped(text('second')));
    expect(Buffer.from(await all(unpacked(inPieces(two, 1000)))).toString()).toBe('first, second');
  });

  test('that is cut gives what there was, then says so', async () => {
    const random = noise(100_000);
    const got: number[] = [];
    const reading = (async () => {
      for await (const piece of unpacked(inPieces(gzipped(random).subarray(0, -20), 5000))) got.push(piece.length);
    })();
    await expect(reading).rejects.toMatchObject({ code: 'Z_BUF_ERROR' });
    expect(got.reduce((sum, length) => sum + length, 0)).toBeGreaterThan(90_000);
  });

  test('may be followed by padding, which is left alone', async () => {
    const padded = concat(gzipped(octets(1, 2, 3)), new Uint8Array(40_000));
    expect(await all(unpacked(inPieces(padded, 30_000)))).toEqual(octets(1, 2, 3));
  });

  test('that is followed by something else is damaged there', async () => {
    const followed = concat(gzipped(octets(1, 2, 3)), text('garbage'.repeat(9000)));
    await expect(all(unpacked(inPieces(followed, 30_000)))).rejects.toMatchObject({ code: 'Z_DATA_ERROR' });
  });

  test('that is damaged gives what came before the damage', async () => {
    const random = noise(200_000);
    const bad = gzipped(random);
    bad.fill(0xff, bad.length - 1000, bad.length - 900);
    let got = 0;
    const reading = (async () => {
      for await (const piece of unpacked(inPieces(bad, 5000))) got += piece.length;
    })();
    await expect(reading).rejects.toMatchObject({ code: expect.stringMatching(/^Z_/) });
    expect(got).toBeGreaterThan(150_000);
  });

  test('may be left in the middle', async () => {
    let closed = false;
    const source = (async function* (): Pieces {
      try {
        yield* inPieces(gzipped(new Uint8Array(5_000_000)), 100);
      } finally {
        closed = true;
      }
    })();
    for await (const piece of unpacked(source)) {
      expect(piece.length).toBeGreaterThan(0);
      break;
    }
    await new Promise((resolve) => setImmediate(resolve));
    expect(closed).toBe(true);
  });

  test('is what begins like gzip; everything else is left as it is', async () => {
    for (const plain of [octets(), octets(0x1f), octets(0x1f, 0x8c, 1), octets(1, 2, 3)]) {
      expect(await all(unpacked(inPieces(plain, 1)))).toEqual(plain);
    }
  });
});
