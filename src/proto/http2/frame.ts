/** The header of a frame (RFC 9113 4.1), and what may be believed of it. */
import type { Recognition } from '../protocol.ts';

export const DATA = 0;
export const HEADERS = 1;
export const RST_STREAM = 3;
export const SETTINGS = 4;
export const PUSH_PROMISE = 5;
const PING = 6;
export const GOAWAY = 7;
const WINDOW_UPDATE = 8;
const PRIORITY_FRAME = 2;
export const CONTINUATION = 9;

export const END_STREAM = 0x1;
export const ACK = 0x1;
export const END_HEADERS = 0x4;
export const PADDED = 0x8;
export const PRIORITY = 0x20;

export const FRAME_HEADER = 9;
/** SETTINGS_MAX_FRAME_SIZE where nothing else was announced; nginx never announces another. */
export const FRAME_SIZE = 16384;

/** Lengths that RFC 9113 6 fixes, by type. */
const FIXED: Readonly<Record<number, number>> = { 2: 5, [RST_STREAM]: 4, [PING]: 8, [WINDOW_UPDATE]: 4 };
/** Types that belong to one stream, and types that belong to none. */
const OF_STREAM: ReadonlySet<number> = new Set([DATA, HEADERS, PRIORITY_FRAME, RST_STREAM, PUSH_PROMISE, CONTINUATION]);
const OF_CONNECTION: ReadonlySet<number> = new Set([SETTINGS, PING, GOAWAY]);

export interface FrameHead {
  readonly length: number;
  readonly type: number;
  readonly flags: number;
  readonly stream: number;
}

export function frameHead(bytes: Uint8Array, at: number): FrameHead {
  return {
    length: lengthOf(bytes, at),
    type: bytes[at + 3] as number,
    flags: bytes[at + 4] as number,
    stream: word(bytes, at + 5) & 0x7fffffff,
  };
}

export function lengthOf(bytes: Uint8Array, at: number): number {
  return ((bytes[at] as number) << 16) | ((bytes[at + 1] as number) << 8) | (bytes[at + 2] as number);
}

export function word(bytes: Uint8Array, at: number): number {
  return (
    (((bytes[at] as number) << 24) |
      ((bytes[at + 1] as number) << 16) |
      ((bytes[at + 2] as number) << 8) |
      (bytes[at + 3] as number)) >>>
    0
  );
}

/** What nginx and RFC 9113 refuse a frame for; empty where nothing is wrong. */
export function flawOf({ length, type, flags, stream }: FrameHead): '' | 'length' | 'stream' {
  const fixed = FIXED[type];
  if (fixed !== undefined && length !== fixed) return 'length';
  if (type === SETTINGS && (flags & ACK ? length !== 0 : length % 6 !== 0)) return 'length';
  if (type === GOAWAY && length < 8) return 'length';
  if (OF_STREAM.has(type) && stream === 0) return 'stream';
  if (OF_CONNECTION.has(type) && stream !== 0) return 'stream';
  return '';
}

/** After a gap: do these octets begin a frame that breaks no rule? */
export function beginsFrame(bytes: Uint8Array, from: number, to: number, limit: number): Recognition {
  if (to - from < FRAME_HEADER) return 'more';
  const head = frameHead(bytes, from);
  const reserved = (bytes[from + 5] as number) & 0x80;
  return head.length <= limit && head.type <= CONTINUATION && reserved === 0 && flawOf(head) === '' ? 'yes' : 'no';
}
