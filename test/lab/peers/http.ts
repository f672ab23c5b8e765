/** Octets of HTTP/1 answers, right and wrong. */

/** A whole answer; `close` says that the connection ends with it. */
export function answer(status: number, body: string | number, fields: readonly string[] = []): Buffer {
  const octets = typeof body === 'number' ? Buffer.alloc(body, 'x') : Buffer.from(body);
  const head = [
    `HTTP/1.1 ${status} ${REASONS[status] ?? 'Answer'}`,
    'Server: scripted',
    'Content-Type: application/json',
    `Content-Length: ${octets.length}`,
    ...fields,
  ];
  return Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), octets]);
}

const REASONS: Readonly<Record<number, string>> = {
  200: 'OK',
  413: 'Content Too Large',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
};

export const OK = answer(200, '{"ok":true}', ['Connection: close']);
export const OK_ALIVE = answer(200, '{"ok":true}', ['Connection: keep-alive']);
export const PARTIAL_HEAD = 'HTTP/1.1 200 OK\r\nServer: scripted\r\nContent-Ty';
export const OWN_502 = answer(502, '{"error":"my own upstream is gone"}', ['Connection: close']);
export const EARLY_413 = answer(413, '{"error":"too large"}', ['Connection: close']);
/** Larger than any default proxy_buffer_size, no blank line. */
export const BIG_HEAD = `HTTP/1.1 200 OK\r\nSet-Cookie: a=${'c'.repeat(9000)}\r\n`;
/** 5 kB: larger than a 4k buffer, smaller than 8k. */
export const MIDDLE_HEAD = `HTTP/1.1 200 OK\r\nSet-Cookie: a=${'c'.repeat(5000)}\r\nContent-Length: 2\r\n\r\nok`;
export const INVALID_HEADER = 'HTTP/1.1 200 OK\r\nX-Bad\x01Name: 1\r\nContent-Length: 2\r\n\r\nok';
export const DUPLICATE_LENGTH =
  'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok';
export const LENGTH_AND_CHUNKS =
  'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n2\r\nok\r\n0\r\n\r\n';
/** RFC 8297: a 103 is not for HTTP/1.0. */
export const EARLY_HINTS_10 =
  'HTTP/1.0 103 Early Hints\r\nLink: </a.css>\r\n\r\nHTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok';
export const BINARY = Buffer.from('8f00ff17c0ffee00deadbeef0102030405060708', 'hex');
export const TRUNCATED_BODY = `HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n${'t'.repeat(1200)}`;
