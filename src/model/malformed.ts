/**
 * What was wrong with some octets, and where: enough to print "TCP header at offset 34 needs 20 octets, 12 are left".
 * Four words that are never mixed up: `malformed` (octets break a rule), `cut` (the capture kept fewer octets than the
 * wire carried; never the peer's fault), `limit` (we gave up at one of our limits), `unsupported` (well formed, not ours).
 */
export type MalformedWhy = 'malformed' | 'cut' | 'limit' | 'unsupported';

export interface Malformed {
  /** The layer that stopped, for example `ipv4`, `tcp`, `http1`, `fastcgi`, `pcapng`. */
  readonly layer: string;
  readonly why: MalformedWhy;
  /** Offset of the offending octet, from the start of the frame, stream or file, as the layer counts. */
  readonly offset: number;
  /** A short sentence in plain words, without octets from the wire. */
  readonly text: string;
}
