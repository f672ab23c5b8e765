/**
 * Where octets come from: a file, a pipe, standard input; packed with gzip or not. Each is a sequence of pieces. A piece
 * is borrowed: it is overwritten once the next one is asked for.
 */
import { close, constants, fstat, open, read, type Stats } from 'node:fs';
import { Socket } from 'node:net';
import { addAbortSignal, pipeline, Readable } from 'node:stream';
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
const FILE_PIECE = 1024 * 1024;
const UNPACKED_PIECE = 256 * 1024;

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
  return { pieces: filePieces(fd), size: stats.isFile() ? stats.size : undefined, close: closeIt };
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
      head = head.length === 0 ? next.value : Buffer.concat([head, next.value]);
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

/** Rejects with zlib's error where the data is cut or damaged, after all that could be unpacked. */
async function* gunzipped(pieces: Pieces): Pieces {
  const gunzip = createGunzip({ chunkSize: UNPACKED_PIECE });
  // The callback has nothing to do: an error of either side comes out of the loop below.
  pipeline(Readable.from(copies(pieces), { highWaterMark: 1 }), gunzip, () => undefined);
  for await (const piece of gunzip) yield piece;
}

/** Streams read ahead, so borrowed pieces are copied for them. Packed octets are few. */
async function* copies(pieces: Pieces): Pieces {
  for await (const piece of pieces) yield piece.slice();
}

/** Two buffers in turn: while one is parsed, the other is being filled. */
async function* filePieces(fd: number): Pieces {
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
