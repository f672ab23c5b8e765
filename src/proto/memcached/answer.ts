/**
 * What the first line of an answer says of a key (memcached's doc/protocol.txt, "Retrieval command"), judged as nginx does
 * (ngx_http_memcached_process_header): VALUE with the key that was asked for and a length, END, and nothing else.
 */

/** Why a receiver refuses it: memcached's own error, another key, no length, or octets of something else. */
export type Refused = 'error' | 'client-error' | 'server-error' | 'key' | 'length' | 'http' | 'redis' | 'line';

export type Answer =
  | { readonly is: 'value'; readonly length: number }
  | { readonly is: 'end' }
  | { readonly is: 'refused'; readonly why: Refused };

const VALUE = 'VALUE ';

/** Beginnings of lines that are none of a retrieval's. */
const OTHERS: readonly (readonly [RegExp, Refused])[] = [
  [/^ERROR\r\n$/, 'error'],
  [/^CLIENT_ERROR /, 'client-error'],
  [/^SERVER_ERROR /, 'server-error'],
  [/^HTTP\//, 'http'],
  // A bulk string or an error of RESP (redis.io/docs, "Redis serialization protocol"): Redis takes `get KEY` for its own.
  [/^(?:\$-?[0-9]+|-[A-Z]+ .*)\r\n$/, 'redis'],
];

/** Judges a whole line, its end included. */
export function answerOf(line: string, key: string): Answer {
  if (line === 'END\r\n') return { is: 'end' };
  if (line.startsWith(VALUE) && line.endsWith('\r\n')) return readValue(line.slice(VALUE.length, -2), key);
  const [, why] = OTHERS.find(([pattern]) => pattern.test(line)) ?? [undefined, 'line'];
  return { is: 'refused', why };
}

/** KEY FLAGS LENGTH; nginx looks at the flags only with memcached_gzip_flag. */
function readValue(words: string, key: string): Answer {
  if (!words.startsWith(key)) return { is: 'refused', why: 'key' };
  const found = /^ [^ ]* (.*)$/s.exec(words.slice(key.length));
  if (!found) return { is: 'refused', why: 'line' };
  const digits = found[1] ?? '';
  const length = /^[0-9]+$/.test(digits) ? Number(digits) : Number.NaN;
  return Number.isSafeInteger(length) ? { is: 'value', length } : { is: 'refused', why: 'length' };
}
