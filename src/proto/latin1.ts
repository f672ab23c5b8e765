/** Octets to text, one character an octet: the only decoding that loses nothing and cannot fail. */

/** Node's own copy loop, reached without making a Buffer over the octets; it takes any Uint8Array as `this`. */
const slice: (this: Uint8Array, start: number, end: number) => string =
  // biome-ignore lint/style/noRestrictedGlobals: a pure function of octets, ten times faster than TextDecoder.
  (Buffer.prototype as unknown as { latin1Slice(start: number, end: number): string }).latin1Slice;

export function latin1(bytes: Uint8Array, start: number, end: number): string {
  return slice.call(bytes, start, end);
}

/** Octets that say the same again and again (a method, a version, a host) as one string, made anew only where they change. */
export class RepeatedText {
  #text = '';

  of(bytes: Uint8Array, start: number, end: number): string {
    if (!this.isSaid(bytes, start, end)) this.#text = latin1(bytes, start, end);
    return this.#text;
  }

  /** The octets say what was said last. */
  isSaid(bytes: Uint8Array, start: number, end: number): boolean {
    const text = this.#text;
    if (text.length !== end - start) return false;
    for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) !== bytes[start + at]) return false;
    return true;
  }
}
