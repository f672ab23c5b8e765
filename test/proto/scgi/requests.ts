/** Octets of SCGI requests. */
import { join } from '../cgi-talk.ts';

export type Pair = readonly [name: string, value: string];

export function netstring(pairs: readonly Pair[], end = ','): Uint8Array {
  const whole = pairs.map(([name, value]) => `${name}\0${value}\0`).join('');
  return join(`${whole.length}:${whole}${end}`);
}

/** As `scgi_params` has it, shortened. */
export const HEADERS: readonly Pair[] = [
  ['CONTENT_LENGTH', '0'],
  ['REQUEST_METHOD', 'GET'],
  ['REQUEST_URI', '/a?id=7'],
  ['SCGI', '1'],
  ['SERVER_PROTOCOL', 'HTTP/1.1'],
  ['REMOTE_ADDR', '203.0.113.9'],
  ['REMOTE_PORT', '58884'],
  ['SERVER_PORT', '80'],
  ['HTTP_HOST', 'shop'],
];
