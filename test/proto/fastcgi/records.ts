/** Octets of FastCGI 1.0: what a client and a server write. */
import {
  FCGI_BEGIN_REQUEST,
  FCGI_END_REQUEST,
  FCGI_PARAMS,
  FCGI_STDERR,
  FCGI_STDIN,
  FCGI_STDOUT,
} from '../../../src/proto/fastcgi/record.ts';
import { join, octets } from '../cgi-talk.ts';

export interface RecordOptions {
  id?: number;
  padding?: number;
  version?: number;
}

export function record(type: number, content: string | Uint8Array = '', options: RecordOptions = {}): Uint8Array {
  const { id = 1, padding = 0, version = 1 } = options;
  const { length } = content;
  return join(
    Uint8Array.of(version, type, id >> 8, id & 255, length >> 8, length & 255, padding, 0),
    content,
    new Uint8Array(padding),
  );
}

export function begin({
  role = 1,
  keepConn = false,
  ...options
}: RecordOptions & { role?: number; keepConn?: boolean } = {}) {
  return record(FCGI_BEGIN_REQUEST, Uint8Array.of(0, role, keepConn ? 1 : 0, 0, 0, 0, 0, 0), options);
}

/** A length in one octet where it fits and `long` does not ask for four. */
function length(value: number, long: boolean): Uint8Array {
  if (value < 128 && !long) return Uint8Array.of(value);
  return Uint8Array.of((value >>> 24) | 0x80, value >>> 16, value >>> 8, value);
}

export type Pair = readonly [name: string, value: string];

export function pairs(params: readonly Pair[], long = false): Uint8Array {
  return join(
    ...params.map(([name, value]) => join(length(name.length, long), length(value.length, long), name, value)),
  );
}

/** A stream as records of at most `size` octets of content, and its end. */
export function stream(type: number, content: string | Uint8Array, options: RecordOptions & { size?: number } = {}) {
  const { size = 0xffff } = options;
  const whole = octets(content);
  const parts: Uint8Array[] = [];
  for (let at = 0; at < whole.length; at += size) parts.push(record(type, whole.subarray(at, at + size), options));
  return join(...parts, record(type, '', options));
}

export function params(list: readonly Pair[], options: RecordOptions & { size?: number; long?: boolean } = {}) {
  return stream(FCGI_PARAMS, pairs(list, options.long), options);
}

export const stdin = (content: string | Uint8Array = '', options: RecordOptions & { size?: number } = {}) =>
  stream(FCGI_STDIN, content, options);
export const stdout = (content: string | Uint8Array, options?: RecordOptions) => record(FCGI_STDOUT, content, options);
export const stderr = (content: string, options?: RecordOptions) => record(FCGI_STDERR, content, options);

export function endRequest({
  app = 0,
  protocol = 0,
  ...options
}: RecordOptions & { app?: number; protocol?: number } = {}) {
  return record(FCGI_END_REQUEST, Uint8Array.of(app >>> 24, app >>> 16, app >>> 8, app, protocol, 0, 0, 0), options);
}

export const PARAMS: readonly Pair[] = [
  ['QUERY_STRING', 'id=7'],
  ['REQUEST_METHOD', 'GET'],
  ['CONTENT_LENGTH', ''],
  ['REQUEST_URI', '/checkout?id=7'],
  ['SERVER_PROTOCOL', 'HTTP/1.1'],
  ['REMOTE_ADDR', '203.0.113.9'],
  ['REMOTE_PORT', '58884'],
  ['SERVER_ADDR', '10.0.0.1'],
  ['SERVER_PORT', '80'],
  ['HTTP_HOST', 'shop.example'],
];

/** A whole request as nginx writes it. */
export function request(options: RecordOptions & { keepConn?: boolean; params?: readonly Pair[]; body?: string } = {}) {
  const { params: list = PARAMS, body = '', ...rest } = options;
  return join(begin(rest), params(list, rest), stdin(body, rest));
}

export const HEAD = 'Content-Type: text/plain\r\n\r\n';
