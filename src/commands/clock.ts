/** This host's clocks, as Nanos. Whatever needs a time is given one; they are read here. */
import type { Nanos } from '../model/time.ts';

/** Never jumps. */
export function monotonicTime(): Nanos {
  return performance.now() * 1e6;
}

/** What capture time it is by this host's clock, in a capture whose Nanos 0 is `epoch`. */
export function captureTime(epoch: bigint): Nanos {
  const microseconds = BigInt(Math.round((performance.timeOrigin + performance.now()) * 1e3));
  return Number(microseconds * 1000n - epoch);
}
