/**
 * Do these octets begin a request line or a status line (RFC 9112 3, 4)? Asked for the first octets of a connection, and
 * again after a gap, to find where messages begin anew.
 */
import type { Recognition } from '../protocol.ts';

const TAB = 0x09;
const SPACE = 0x20;
const CR = 0x0d;
const LF = 0x0a;
const SLASH = 0x2f;
const ASTERISK = 0x2a;
const DOT = 0x2e;

/** Methods that prove HTTP before the line is complete: RFC 9110 9, WebDAV (RFC 4918, 3253) and PATCH. */
const METHODS: ReadonlySet<string> = new Set(
  (
    'GET HEAD POST PUT DELETE OPTIONS PATCH CONNECT TRACE PROPFIND PROPPATCH MKCOL COPY MOVE LOCK UNLOCK REPORT SEARCH ' +
    'PURGE MKCALENDAR VERSION-CONTROL CHECKOUT CHECKIN'
  ).split(' '),
);
/** Longest method believed, twice the longest one registered (UPDATEREDIRECTREF). */
const METHOD_LIMIT = 34;

/** token (RFC 9110 5.6.2). */
function isTokenOctet(octet: number): boolean {
  if (octet >= 0x61 && octet <= 0x7a) return true;
  if (octet >= 0x41 && octet <= 0x5a) return true;
  if (octet >= 0x30 && octet <= 0x39) return true;
  return "!#$%&'*+-.^_`|~".includes(String.fromCharCode(octet));
}

/** Octets of a request: empty lines before it are passed over (RFC 9112 2.2). */
export function beginsRequest(bytes: Uint8Array, from: number, to: number): Recognition {
  let at = from;
  while (at < to && (bytes[at] === CR || bytes[at] === LF)) at++;
  const start = at;
  while (at < to && isTokenOctet(bytes[at] as number)) at++;
  if (at - start > METHOD_LIMIT) return 'no';
  if (at === to) return 'more';
  if (at === start || bytes[at] !== SPACE) return 'no';
  let method = '';
  for (let i = start; i < at; i++) method += String.fromCharCode(bytes[i] as number);
  const target = beginsTarget(bytes, at + 1, to, method);
  return target === 'line' ? endsInVersion(bytes, at + 1, to) : target;
}

/** `line`: only the end of the line tells (an unknown method; `OPTIONS *` is also RTSP's). */
function beginsTarget(bytes: Uint8Array, from: number, to: number, method: string): Recognition | 'line' {
  if (method === 'CONNECT') return 'line';
  if (from === to) return 'more';
  const known = METHODS.has(method);
  if (bytes[from] === SLASH) return known ? 'yes' : 'line';
  if (bytes[from] === ASTERISK) return 'line';
  const scheme = 'http';
  for (let i = 0; i < scheme.length; i++) {
    if (from + i === to) return 'more';
    if (((bytes[from + i] as number) | 0x20) !== scheme.charCodeAt(i)) return 'no';
  }
  return known ? 'yes' : 'line';
}

/** The rest of the line, if it is all there, must end in `HTTP/1.` and a digit. */
function endsInVersion(bytes: Uint8Array, from: number, to: number): Recognition {
  let end = from;
  while (end < to && bytes[end] !== LF) {
    const octet = bytes[end] as number;
    if (octet < SPACE && octet !== CR) return 'no';
    end++;
  }
  if (end === to) return 'more';
  if (bytes[end - 1] === CR) end--;
  const version = ' HTTP/1.';
  const at = end - version.length - 1;
  if (at < from) return 'no';
  for (let i = 0; i < version.length; i++) if (bytes[at + i] !== version.charCodeAt(i)) return 'no';
  return isDigit(bytes[end - 1]) ? 'yes' : 'no';
}

/** Octets of a response: `HTTP/`, major, dot, minor, space and three digits, as far as they are there. */
export function beginsResponse(bytes: Uint8Array, from: number, to: number): Recognition {
  const name = 'HTTP/';
  for (let i = 0; i < name.length; i++) {
    if (from + i >= to) return 'more';
    if (bytes[from + i] !== name.charCodeAt(i)) return 'no';
  }
  let at = from + name.length;
  const major = at;
  while (at < to && isDigit(bytes[at])) at++;
  if (at === to) return at - major > 3 ? 'no' : 'more';
  if (at === major || bytes[at] !== DOT) return 'no';
  const minor = ++at;
  while (at < to && isDigit(bytes[at])) at++;
  if (at === to) return at - minor > 3 ? 'no' : 'more';
  return at > minor && bytes[at] === SPACE ? 'yes' : 'no';
}

export function isDigit(octet: number | undefined): boolean {
  return octet !== undefined && octet >= 0x30 && octet <= 0x39;
}

/** No control octets but HTAB and CR: a line of text, whatever it says. */
export function isPlain(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at++) {
    const octet = bytes[at] as number;
    if (octet < SPACE && octet !== CR && octet !== TAB) return false;
  }
  return true;
}
