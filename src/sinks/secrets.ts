/**
 * Masks secrets in text that came from the wire. On by default in every output, because reports are pasted into tickets.
 * When in doubt it masks: a masked word costs a second look at the capture, a leaked one costs an account.
 * Names are compared after percent-decoding and without case; a secret in a path or under a name of its own is not found.
 */

/** Stands for a masked value. */
export const MASKED = '***';

export interface Mask {
  /** A request-target: path, query, userinfo. */
  target(target: string): string;
  /** Any other text: sentences, evidence, stderr, header lines. */
  text(text: string): string;
}

export const SHOW_SECRETS: Mask = { target: (target) => target, text: (text) => text };

export const MASK_SECRETS: Mask = {
  target: (target) => maskPairs(maskUserinfo(target).replace(/^[^/?#@:\s]*:[^/?#\s]*@/, `${MASKED}@`), endInTarget),
  text: (text) => maskPairs(maskUserinfo(text), endInText),
};

/** Header fields and CGI parameters whose whole value is secret, to the end of the line. */
const SECRET_LINES: ReadonlySet<string> = new Set([
  'authorization',
  'proxy_authorization',
  'cookie',
  'cookie2',
  'set_cookie',
  'set_cookie2',
  'http_authorization',
  'http_proxy_authorization',
  'http_cookie',
  'redirect_http_authorization',
  'php_auth_pw',
  'php_auth_digest',
]);

/**
 * Words that make a name secret wherever they stand in it: `user[password]`, `X-Amz-Security-Token`, `sessionId`.
 * `key` is here because API keys are sent under that bare name; `sid`, `sig` because session ids and signed URLs are.
 */
const SECRET_WORDS: ReadonlySet<string> = new Set([
  'token',
  'password',
  'passwd',
  'passwort',
  'passphrase',
  'passcode',
  'pwd',
  'pass',
  'pw',
  'secret',
  'credential',
  'credentials',
  'apikey',
  'key',
  'auth',
  'authorization',
  'bearer',
  'jwt',
  'saml',
  'samlresponse',
  'assertion',
  'otp',
  'session',
  'sess',
  'sid',
  'cookie',
  'signature',
  'sig',
  'hmac',
]);

/** The same, written without a border: `accesstoken`, `phpsessid`, `userpassword`. */
const SECRET_ENDING = /(?:token|password|passwd|secret|apikey|accesskey|privatekey|sess(?:ion)?id|signature|ticket)$/;

/** Words strong enough to be a secret's name before a colon too, where prose is common: `password: x`, `"token":"x"`. */
const BEFORE_COLON = /^(?:.*_)?(?:token|password|passwd|pwd|secret|api_?key|jwt|credentials?)$/;

/**
 * `code` is mostly a country or a coupon and worth reading; an OAuth authorization code is long, and after a 502 at the
 * callback it may not have been redeemed yet. So it is masked from this length on.
 */
const LONG_CODE = 16;

function maskUserinfo(text: string): string {
  return text.includes('@') ? text.replace(/(:\/\/|^\/\/)[^/?#\s"'<>]*@/g, `$1${MASKED}@`) : text;
}

type ValueEnd = (text: string, from: number, nested: boolean) => number;

/** Walks from separator to separator and looks at the name before each: linear, whatever the text. */
function maskPairs(text: string, valueEnd: ValueEnd): string {
  const separator = /[=:]|%(?:25)*3d/gi;
  let out = '';
  let done = 0;
  let floor = 0;
  for (let found = separator.exec(text); found; found = separator.exec(text)) {
    const after = separator.lastIndex;
    const secret = secrecyOf(plainName(nameBefore(text, found.index, floor)), found[0] === ':');
    floor = after;
    if (secret === 'no') continue;
    const from = valueStart(text, after);
    const to = secret === 'line' ? lineEnd(text, from) : valueEnd(text, from, found[0].length > 1);
    if (to - from < (secret === 'long' ? LONG_CODE : 1)) continue;
    out += text.slice(done, from) + MASKED;
    done = to;
    floor = to;
    separator.lastIndex = to;
  }
  return out + text.slice(done);
}

/** What of the value after this name is secret: nothing, the value, the value if it is long, the whole line. */
function secrecyOf(name: string, colon: boolean): 'no' | 'value' | 'long' | 'line' {
  if (name === '') return 'no';
  if (SECRET_LINES.has(name)) return 'line';
  if (colon) return BEFORE_COLON.test(name) ? 'value' : 'no';
  if (isSecretName(name)) return 'value';
  return isCode(name) ? 'long' : 'no';
}

/** The name that ends at `end`; quotes and blanks between it and the separator are passed over. */
function nameBefore(text: string, end: number, floor: number): string {
  let to = end;
  while (to > floor && /["'\s]/.test(text[to - 1] as string) && end - to < 3) to--;
  let from = to;
  while (from > floor && /[\w%.[\]~$-]/.test(text[from - 1] as string)) from--;
  return text.slice(from, to);
}

/** Decoded, lower case, words joined by `_`: `user%5BnewPassword%5D` -> `user_new_password`. */
function plainName(name: string): string {
  let plain = name;
  for (let round = 0; round < 3 && plain.includes('%'); round++) {
    plain = plain.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  }
  return plain
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '');
}

function isSecretName(name: string): boolean {
  return name.split('_').some((word) => SECRET_WORDS.has(word) || SECRET_ENDING.test(word));
}

function isCode(name: string): boolean {
  return name === 'code' || name.endsWith('_code');
}

function valueStart(text: string, from: number): number {
  let at = from;
  while ((text[at] === ' ' || text[at] === '\t') && at - from < 3) at++;
  return at;
}

/** In a target only `&` ends a value: anything else may be part of the secret. */
function endInTarget(text: string, from: number, nested: boolean): number {
  return indexOrEnd(text, nested ? /&|%(?:25)*26/gi : /[&\s]/g, from);
}

/** In prose a blank or a quote ends it as well; a value that begins with a quote ends at that quote. */
function endInText(text: string, from: number, nested: boolean): number {
  const quote = text[from];
  if (quote === '"' || quote === "'") {
    const close = text.indexOf(quote, from + 1);
    return close < 0 ? text.length : close + 1;
  }
  return indexOrEnd(text, nested ? /[&\s"']|%(?:25)*26/gi : /[&\s"']/g, from);
}

function lineEnd(text: string, from: number): number {
  return indexOrEnd(text, /[\r\n]/g, from);
}

function indexOrEnd(text: string, stop: RegExp, from: number): number {
  stop.lastIndex = from;
  return stop.exec(text)?.index ?? text.length;
}
