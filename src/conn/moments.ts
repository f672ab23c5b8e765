/**
 * The moments of one connection, as pairs of numbers in one array: no object is made where a moment is only noted, and
 * V8 keeps an array of doubles unboxed (16 octets a moment, where an object with a boxed time takes 56).
 */
import type { Moment, Nanos } from '../model/time.ts';

/** Where each moment lies: time at the index, frame after it. */
export const FIRST = 0;
export const LAST = 2;
export const SYN_ACK = 4;
export const ESTABLISHED = 6;
/** Where the moments of a stream begin, and where each lies from there. */
export const FORWARD_MOMENTS = 8;
export const REVERSE_MOMENTS = 14;
export const FIRST_OCTET = 0;
export const LAST_OCTET = 2;
export const LAST_ACKNOWLEDGEMENT = 4;

const NUMBERS = 20;

export type Moments = number[];

// Halves make it an array of doubles; the zeros written over them do not change that, and slice() keeps it.
const NONE: Moments = Array.from({ length: NUMBERS }, () => 0.5).fill(0);

export function newMoments(): Moments {
  return NONE.slice();
}

export function noteMoment(moments: Moments, index: number, at: Nanos, frame: number): void {
  moments[index] = at;
  moments[index + 1] = frame;
}

/** Frames count from 1: frame 0 means that nothing was noted. */
export function momentAt(moments: Moments, index: number): Moment | undefined {
  const frame = moments[index + 1] as number;
  return frame === 0 ? undefined : { at: moments[index] as number, frame };
}
