import { expect, test } from 'vitest';
import { octetsOf } from '../../../src/model/octets.ts';
import { BLOCK_LIMIT, type Http2Listener, Http2Side } from '../../../src/proto/http2/http2-side.ts';

function listener(log: string[]): Http2Listener {
  return {
    headersBegin: (id) => log.push(`begin ${id}`),
    headers: (id, fields, octets, ends) => log.push(`headers ${id} ${fields?.length} ${octets} ${ends}`),
    data: (id, length) => log.push(`data ${id} ${length}`),
    streamEnds: (id) => log.push(`end ${id}`),
    streamReset: (id, code) => log.push(`reset ${id} ${code}`),
    goaway: (last, code) => log.push(`goaway ${last} ${code}`),
    maxFrameSize: (octets) => log.push(`max ${octets}`),
    fault: (detail) => log.push(`fault ${detail}`),
    otherProtocol: (detail) => log.push(`other ${detail}`),
    lost: (octets) => log.push(`lost ${octets}`),
  };
}

function frame(type: number, flags: number, stream: number, body: number[]): number[] {
  return [body.length >> 16, (body.length >> 8) & 255, body.length & 255, type, flags, 0, 0, 0, stream, ...body];
}

function say(side: Http2Side, ...frames: number[][]): void {
  side.stream.chunk(octetsOf(Uint8Array.from(frames.flat())));
}

test('SETTINGS_MAX_FRAME_SIZE is told, other settings and acknowledgements are not', () => {
  const log: string[] = [];
  const side = new Http2Side(true, listener(log));
  say(
    side,
    frame(4, 0, 0, [0, 3, 0, 0, 0, 1, 0, 5, 0, 0, 0x80, 0]),
    frame(4, 1, 0, []),
    frame(6, 0, 0, new Array(8).fill(0)),
  );
  expect(log).toEqual(['max 32768']);
});

test('a header block beyond the limit is given up, and the table with it', () => {
  const log: string[] = [];
  const side = new Http2Side(false, listener(log));
  const part = new Array(16000).fill(0x88);
  const frames = Array.from({ length: Math.ceil(BLOCK_LIMIT / 16000) }, () => frame(9, 0, 1, part));
  say(side, frame(1, 0, 1, part), ...frames, frame(9, 4, 1, []), frame(1, 5, 3, [0x88]));
  expect(log).toEqual(['begin 1', 'begin 3', 'headers 3 1 10 true', 'end 3']);
});

test('a CONTINUATION of another stream is not joined', () => {
  const log: string[] = [];
  say(new Http2Side(false, listener(log)), frame(1, 0, 1, [0x88]), frame(9, 4, 3, [0x88]), frame(9, 4, 1, [0x88]));
  expect(log).toEqual(['begin 1', 'headers 1 2 20 false']);
});

test('more padding than frame is a fault', () => {
  const log: string[] = [];
  say(new Http2Side(false, listener(log)), frame(1, 12, 1, [9, 0x88]));
  expect(log[1]).toBe('fault length');
});

test('an empty HEADERS frame ends its stream', () => {
  const log: string[] = [];
  say(new Http2Side(false, listener(log)), frame(1, 5, 1, []));
  expect(log).toEqual(['begin 1', 'headers 1 0 9 true', 'end 1']);
});

test('a HEADERS frame larger than the limit is not held', () => {
  const log: string[] = [];
  const side = new Http2Side(false, listener(log));
  side.limit = 0xffffff;
  say(side, frame(1, 5, 1, new Array(BLOCK_LIMIT + 1).fill(0x88)), frame(1, 5, 3, [0x88]));
  expect(log).toEqual(['begin 1', 'begin 3', 'headers 3 1 10 true', 'end 3']);
});
