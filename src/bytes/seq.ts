/**
 * TCP sequence numbers (RFC 9293 3.4): 32 bits that wrap. Any number that is right modulo 2^32 is accepted, signed or not;
 * results are signed 32-bit integers, which V8 keeps unboxed.
 */

/** How far `to` lies after `from`: -2^31 to 2^31 - 1. */
export function seqDistance(from: number, to: number): number {
  return (to - from) | 0;
}

/** The sequence number `count` octets after `seq`; `count` may be negative. */
export function seqAdd(seq: number, count: number): number {
  return (seq + count) | 0;
}

/** True where both name the same sequence number. */
export function seqEqual(a: number, b: number): boolean {
  return (a | 0) === (b | 0);
}
