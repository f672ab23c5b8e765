/**
 * Request line and status line (RFC 9112 3, 4). A status line passes exactly where nginx's ngx_http_parse_status_line
 * lets it pass: no reason, several spaces, `403.1` from IIS. A request line is read more softly than nginx does: we
 * report what was asked, whether or not a server would take it.
 */
import { latin1, RepeatedText } from '../latin1.ts';
import { isDigit } from './recognise.ts';

const SPACE = 0x20;
const DOT = 0x2e;
const CR = 0x0d;

export interface RequestLine {
  readonly method: string;
  readonly target: string;
  readonly version: string;
}

export interface StatusLine {
  readonly version: string;
  readonly status: number;
}

const methods = new RepeatedText();
const versions = new RepeatedText();

/** The latest status line that was complete and right, and what it says: most that follow are the same. */
const statusLines = new RepeatedText();
let latestStatus: StatusLine | undefined;
/** Longer ones are not worth remembering. */
const REMEMBERED = 64;

/** Marks a target that the capture cut: no octet of a request can be this character. */
export const CUT_MARK = '…';

/** Nearly every request line, read in one go: two spaces, no control octets, the same version as the one before. */
export function plainRequestLine(bytes: Uint8Array, from: number, to: number): RequestLine | undefined {
  let method = from;
  while (method < to && (bytes[method] as number) > SPACE) method++;
  let target = method + 1;
  while (target < to && (bytes[target] as number) > SPACE) target++;
  if (bytes[method] !== SPACE || bytes[target] !== SPACE || method === from || target === method + 1) return undefined;
  if (target >= to || !versions.isSaid(bytes, target + 1, to)) return undefined;
  return {
    method: methods.of(bytes, from, method),
    target: latin1(bytes, method + 1, target),
    version: versions.of(bytes, target + 1, to),
  };
}

/** The line without its end. `undefined` where there is no method, no target or no version (HTTP/0.9 among them). */
export function requestLine(bytes: Uint8Array, from: number, to: number): RequestLine | undefined {
  const method = indexOfSpace(bytes, from, to);
  let target = method + 1;
  while (target < to && bytes[target] === SPACE) target++;
  let end = to;
  while (end > target && bytes[end - 1] === SPACE) end--;
  let version = end;
  while (version > target && bytes[version - 1] !== SPACE) version--;
  let targetEnd = version;
  while (targetEnd > target && bytes[targetEnd - 1] === SPACE) targetEnd--;
  if (method === from || targetEnd <= target || !isVersion(bytes, version, end)) return undefined;
  return {
    method: methods.of(bytes, from, method),
    target: latin1(bytes, target, targetEnd),
    version: versions.of(bytes, version, end),
  };
}

/** What a request line says of itself before its end was lost: at least the method and something of the target. */
export function cutRequestLine(bytes: Uint8Array, from: number, to: number): RequestLine | undefined {
  const whole = requestLine(bytes, from, to);
  if (whole) return whole;
  const method = indexOfSpace(bytes, from, to);
  const target = method + 1;
  if (method === from || target >= to) return undefined;
  const space = indexOfSpace(bytes, target, to);
  return {
    method: methods.of(bytes, from, method),
    target: latin1(bytes, target, space) + (space === to ? CUT_MARK : ''),
    version: '',
  };
}

function indexOfSpace(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  while (at < to && bytes[at] !== SPACE) at++;
  return at;
}

/** `HTTP/`, digits, a dot, digits. */
function isVersion(bytes: Uint8Array, from: number, to: number): boolean {
  const end = versionEnd(bytes, from, to);
  return end === to && end > from;
}

/** Digits that nginx reads before it gives up (a version above 99 and one more). */
const VERSION_DIGITS = 3;

/** The offset after `HTTP/major.minor`; `from` where there is none. */
function versionEnd(bytes: Uint8Array, from: number, to: number): number {
  const name = 'HTTP/';
  for (let i = 0; i < name.length; i++) if (from + i >= to || bytes[from + i] !== name.charCodeAt(i)) return from;
  let at = from + name.length;
  const major = at;
  if (bytes[major] === 0x30) return from;
  while (at < to && isDigit(bytes[at])) at++;
  if (at === major || at - major > VERSION_DIGITS || at >= to || bytes[at] !== DOT) return from;
  const minor = ++at;
  while (at < to && isDigit(bytes[at])) at++;
  return at === minor || at - minor > VERSION_DIGITS ? from : at;
}

/** `more` where the line is right so far and `to` is not its end. */
export function statusLine(
  bytes: Uint8Array,
  from: number,
  to: number,
  complete: boolean,
): StatusLine | 'bad' | 'more' {
  if (complete && latestStatus && statusLines.isSaid(bytes, from, to)) return latestStatus;
  return newStatusLine(bytes, from, to, complete);
}

function newStatusLine(bytes: Uint8Array, from: number, to: number, complete: boolean): StatusLine | 'bad' | 'more' {
  const version = versionEnd(bytes, from, to);
  if (version === from || version >= to || bytes[version] !== SPACE) return complete ? 'bad' : 'more';
  let at = version;
  while (at < to && bytes[at] === SPACE) at++;
  let status = 0;
  let digits = 0;
  // nginx skips spaces anywhere before the third digit.
  for (; at < to && digits < 3; at++) {
    const octet = bytes[at] as number;
    if (octet === SPACE) continue;
    if (!isDigit(octet)) return 'bad';
    status = status * 10 + octet - 0x30;
    digits++;
  }
  if (digits < 3) return complete ? 'bad' : 'more';
  if (at === to) return complete ? { version: versions.of(bytes, from, version), status } : 'more';
  const next = bytes[at] as number;
  if (next !== SPACE && next !== DOT && (complete || next !== CR)) return 'bad';
  // A CR that is not the line's end is an error to nginx.
  if (complete && holdsCr(bytes, at, to)) return 'bad';
  const line = { version: versions.of(bytes, from, version), status };
  if (complete && to - from <= REMEMBERED) {
    statusLines.of(bytes, from, to);
    latestStatus = line;
  }
  return line;
}

function holdsCr(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (bytes[at] === CR) return true;
  return false;
}
