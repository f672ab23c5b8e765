/**
 * Time inside the pipeline: nanoseconds since the capture's epoch, a plain number.
 * Exact for 104 days (2^53 ns). The wall-clock epoch is one bigint that only sources and sinks hold.
 */
export type Nanos = number;

/**
 * Zero, to V8 a double: what a field that will hold a time begins with. Begun with a small integer it would change its
 * shape when times outgrow 31 bits, after two seconds, and all code compiled for it would be thrown away.
 */
export const NO_TIME: Nanos = -0;

export const MICROSECOND: Nanos = 1e3;
export const MILLISECOND: Nanos = 1e6;
export const SECOND: Nanos = 1e9;

/** When something was seen and in which frame: what evidence is made of. `frame` counts from 1, as Wireshark does. */
export interface Moment {
  readonly at: Nanos;
  readonly frame: number;
}

/** Before anything was seen. Made at the start, it also gives all moments the shape that `NO_TIME` tells of. */
export const NO_MOMENT: Moment = { at: NO_TIME, frame: 0 };

/**
 * The time from one moment to a later one; `undefined` where the capture's clock was set back in between. Frames tell the
 * order even then, but how long it took nobody knows: zero would be as wrong as a negative span.
 */
export function elapsed(from: Moment, to: Moment): Nanos | undefined {
  return to.at >= from.at ? to.at - from.at : undefined;
}
