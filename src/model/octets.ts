/**
 * A window into somebody else's buffer: `bytes[start..end)`, and a DataView over the same buffer (`view` and `bytes`
 * share offsets). Borrowed: valid until the call that hands it over returns. To keep octets, copy exactly what is kept
 * (`copyOctets`): a kept subarray would pin the whole read buffer.
 */
export interface Octets {
  bytes: Uint8Array;
  view: DataView;
  start: number;
  end: number;
}

/** An exact-size copy of the octets from `start` to `end`. */
export function copyOctets(bytes: Uint8Array, start: number, end: number): Uint8Array {
  return bytes.slice(start, end);
}

/** A window over all of `bytes`; the caller keeps ownership. */
export function octetsOf(bytes: Uint8Array): Octets {
  return {
    bytes,
    view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength),
    start: 0,
    end: bytes.byteLength,
  };
}
