/** Octets of uwsgi requests. */
import { join } from '../cgi-talk.ts';

export type Pair = readonly [name: string, value: string];

function text(value: string): Uint8Array {
  return join(Uint8Array.of(value.length & 255, value.length >> 8), value);
}

export function vars(pairs: readonly Pair[], { modifier1 = 0, modifier2 = 0, size = -1 } = {}): Uint8Array {
  const whole = join(...pairs.flatMap(([name, value]) => [text(name), text(value)]));
  const told = size < 0 ? whole.length : size;
  return join(Uint8Array.of(modifier1, told & 255, told >> 8, modifier2), whole);
}

/** As `uwsgi_params` has it, shortened. */
export const VARS: readonly Pair[] = [
  ['QUERY_STRING', 'id=7'],
  ['REQUEST_METHOD', 'GET'],
  ['CONTENT_LENGTH', ''],
  ['REQUEST_URI', '/a?id=7'],
  ['SERVER_PROTOCOL', 'HTTP/1.1'],
  ['REMOTE_ADDR', '203.0.113.9'],
  ['REMOTE_PORT', '58884'],
  ['SERVER_PORT', '80'],
  ['HTTP_HOST', 'shop'],
];
