/** What is set once for the whole program: windows of time, each with its reason, and the exit codes. */
import { MILLISECOND, type Nanos, SECOND } from './model/time.ts';

/** Settle window of a file: long enough for a retry to follow a slow failure; costs nothing offline. */
export const SETTLE_FILE: Nanos = 10 * SECOND;
/**
 * Settle window of a pipe and of a live run: with what the kernel holds back (20 ms) and a look at the silence, a verdict is
 * there 250 ms after its 502. The longer, the more causes are right: at 100 ms twice as many are wrong.
 */
export const SETTLE_PIPE: Nanos = 200 * MILLISECOND;
/** The same where the kernel saw what the gateway did: long enough for what its peer's process does at the same time. */
export const SETTLE_WITNESSED: Nanos = 30 * MILLISECOND;
/** How far a silent pipe's time is driven past its last record: everything has settled by then. */
export const SILENCE_AHEAD: Nanos = SECOND;
/** Between two looks at a silent pipe: adds to the time until a verdict is there, and costs a wake-up each. */
export const SILENCE_PERIOD_MS = 20;
/** After SIGINT a pipe may still deliver what its writer, interrupted too, has to flush. */
export const INTERRUPT_GRACE_MS = 500;

/** 70 is sysexits' EX_SOFTWARE: a bug, ours to mend. */
export const EXIT: Readonly<
  Record<'done' | 'found' | 'usage' | 'unreadable' | 'refused' | 'bug' | 'interrupted', number>
> = { done: 0, found: 1, usage: 2, unreadable: 3, refused: 4, bug: 70, interrupted: 130 };
