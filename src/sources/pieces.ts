/**
 * Where octets come from: a file, a pipe, standard input; packed with gzip or not. Each is a sequence of pieces. A piece
 * is borrowed: it is overwritten once the next one is asked for.
 */
import { close, constants, fstat, open, read, readSync, type Stats } from 'node:fs';
import { Socket } from 'node:net';
import { addAbortSignal, type Readable } from 'node:stream';
import { isatty } from 'node:tty';
import { promisify } from 'node:util';
import { createGunzip } from 'node:zlib';

export type Pieces = AsyncIterable<Uint8Array>;

export interface Opened {
  readonly pieces: Pieces;
  /** Octets of the file; `undefined` where nobody can tell. */
  readonly size: number | undefined;
  close(): Promise<void>;
}

/** Octets read from a file at once: large enough that a read costs nothing, small enough to be parsed from the cache. */
const FILE_PIECE = 512 * 1024;
/** Pieces of a file between two looks at what else there is to do: signals, most of all. */
const PIECES_IN_A_ROW = 16;
/** Packed octets unpacked at once: what can be lost of a damaged file besides the damage. */
const PACKED_SLICE = 16 * 1024;
const UNPACKED_PIECE = 64 * 1024;

const GZIP_MAGIC = [0x1f, 0x8b] as const;

const openFile = promisify(open);
const closeFile = promisify(close);
const statFile = promisify(fstat);
const readFile = promisify(read);

/** Opens FILE, or standard input for `-`. Rejects with an error that has the system's code, or `terminal`. */
export async function openPieces(path: string, signal?: AbortSignal): Promise<Opened> {
  const standardInput = path === '-';
  if (standardInput && isatty(0)) throw coded('terminal');
  // O_NONBLOCK: opening a named pipe that nobody writes to yet must not hold a thread that nothing can interrupt.
  const fd = standardInput ? 0 : await openFile(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const stats = await statFile(fd);
  if (isPipe(stats)) {
    return openStream(standardInput ? process.stdin : new Socket({ fd, readable: true, writable: false }), signal);
  }
  const closeIt = async (): Promise<void> => (standardInput ? undefined : closeFile(fd));
  if (stats.isDirectory()) {
    await closeIt();
    throw coded('EISDIR');
  }
  if (stats.isFile()) return { pieces: filePieces(fd), size: stats.size, close: closeIt };
  return { pieces: devicePieces(fd), size: undefined, close: closeIt };
}

/** The pieces of a stream, each as soon as it arrives; the stream waits while a piece is being read. */
export function openStream(stream: Readable, signal?: AbortSignal): Opened {
  if (signal) addAbortSignal(signal, stream);
  return {
    pieces: stream as Pieces,
    size: undefined,
    close: async () => {
      stream.destroy();
    },
  };
}

/** The same octets, unpacked if they are gzip (RFC 1952; several members in a row too). */
export async function* unpacked(pieces: Pieces): Pieces {
  const rest = pieces[Symbol.asyncIterator]();
  try {
    let head: Uint8Array = new Uint8Array(0);
    while (head.length < GZIP_MAGIC.length) {
      const next = await rest.next();
      if (next.done) break;
      // A piece is gone once the next one is asked for: one that is too short to tell is copied.
      const tells = head.length === 0 && next.value.length >= GZIP_MAGIC.length;
      head = tells ? next.value : Buffer.concat([head, next.value]);
    }
    const whole = startingWith(head, rest);
    yield* GZIP_MAGIC.every((octet, at) => head[at] === octet) ? gunzipped(whole) : whole;
  } finally {
    await rest.return?.();
  }
}

async function* startingWith(head: Uint8Array, rest: AsyncIterator<Uint8Array>): Pieces {
  if (head.length > 0) yield head;
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
}

/**
 * All that could be unpacked, then zlib's error if the data is cut or damaged. Written slice by slice, each waited for:
 * a stream that fails forgets what it has unpacked but not yet handed out, so that is kept small.
 */
async function* gunzipped(pieces: Pieces): Pieces {
  const gunzip = createGunzip({ chunkSize: UNPACKED_PIECE });
  const ready: Uint8Array[] = [];
  let failed: Error | undefined;
  let over = false;
  let wake = (): void => undefined;
  gunzip.on('data', (piece: Uint8Array) => ready.push(piece));
  gunzip.on('error', (error) => {
    failed = error;
  });
  // Ends by itself where something follows the last member: padding of tapes and disks, mostly.
  gunzip.on('end', () => {
    over = true;
    wake();
  });
  gunzip.on('close', () => wake());
  const done = (act: (callback: () => void) => void): Promise<void> =>
    new Promise((resolve) => {
      wake = resolve;
      act(resolve);
    });
  try {
    for await (const slice of slices(pieces)) {
      await done((callback) => gunzip.write(slice, callback));
      yield* ready.splice(0);
      if (failed || over) break;
    }
    if (!failed && !over) await done(() => gunzip.end());
    yield* ready.splice(0);
    if (failed) throw failed;
  } finally {
    gunzip.destroy();
  }
}

async function* slices(pieces: Pieces): Pieces {
  for await (const piece of pieces) {
    for (let at = 0; at < piece.length; at += PACKED_SLICE) yield piece.subarray(at, at + PACKED_SLICE);
  }
}

/**
 * Read where they are parsed: the kernel reads a file ahead by itself, and what it has read costs less to copy than to
 * hand from thread to thread.
 */
async function* filePieces(fd: number): Pieces {
  const buffer = new Uint8Array(FILE_PIECE);
  for (let count = 1; ; count++) {
    const length = readSync(fd, buffer, 0, FILE_PIECE, null);
    if (length === 0) return;
    yield length === FILE_PIECE ? buffer : buffer.subarray(0, length);
    if (count % PIECES_IN_A_ROW === 0) await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Two buffers in turn: while one is parsed, the other is being filled. */
async function* devicePieces(fd: number): Pieces {
  const buffers = [new Uint8Array(FILE_PIECE), new Uint8Array(FILE_PIECE)] as const;
  let [ready, filling] = buffers;
  let pending = readFile(fd, filling, 0, FILE_PIECE, null);
  try {
    for (;;) {
      const { bytesRead } = await pending;
      if (bytesRead === 0) return;
      [ready, filling] = [filling, ready];
      pending = readFile(fd, filling, 0, FILE_PIECE, null);
      yield bytesRead === FILE_PIECE ? ready : ready.subarray(0, bytesRead);
    }
  } finally {
    // The file must not be closed, nor the buffer dropped, under a read.
    await pending.catch(() => undefined);
  }
}

function isPipe(stats: Stats): boolean {
  return stats.isFIFO() || stats.isSocket();
}

function coded(code: string): Error {
  return Object.assign(new Error(code), { code });
}
