/** What is set once for the whole program: windows of time, each with its reason, and the exit codes. */
import { MILLISECOND, type Nanos, SECOND } from './model/time.ts';

/** Settle window of a file: long enough for a retry to follow a slow failure; costs nothing offline. */
export const SETTLE_FILE: Nanos = 10 * SECOND;
/** Settle window of a pipe: the incident is on screen before the user has switched windows. */
export const SETTLE_PIPE: Nanos = 250 * MILLISECOND;
/** How far a silent pipe's time is driven past its last record: everything has settled by then. */
export const SILENCE_AHEAD: Nanos = SECOND;
/** Between two looks at a silent pipe. */
export const SILENCE_PERIOD_MS = 100;
/** After SIGINT a pipe may still deliver what its writer, interrupted too, has to flush. */
export const INTERRUPT_GRACE_MS = 500;

/** 70 is sysexits' EX_SOFTWARE: a bug, ours to mend. */
export const EXIT: Readonly<
  Record<'done' | 'found' | 'usage' | 'unreadable' | 'refused' | 'bug' | 'interrupted', number>
> = { done: 0, found: 1, usage: 2, unreadable: 3, refused: 4, bug: 70, interrupted: 130 };
