/** Octets to text, one character an octet: the only decoding that loses nothing and cannot fail. */

/** Node's own copy loop, reached without making a Buffer over the octets; it takes any Uint8Array as `this`. */
const slice: (this: Uint8Array, start: number, end: number) => string =
  // biome-ignore lint/style/noRestrictedGlobals: a pure function of octets, ten times faster than TextDecoder.
  (Buffer.prototype as unknown as { latin1Slice(start: number, end: number): string }).latin1Slice;

export function latin1(bytes: Uint8Array, start: number, end: number): string {
  return slice.call(bytes, start, end);
}
