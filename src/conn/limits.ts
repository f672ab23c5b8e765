/** Every limit, window and time-out of this station: its value, its reason and, where there is one, its precedent. */
import { MILLISECOND, type Nanos, SECOND } from '../model/time.ts';

export interface ConnLimits {
  /**
   * Connections followed at once, and four-tuples of those that are over. About 700 octets each here, and three times as
   * many in the stations after this one: 90 MB where each has said something, which is most of what a run may live on. Whoever
   * is forgotten here was the quietest, and comes back midstream.
   */
  readonly connections: number;
  /** Out-of-order octets held for one direction. Linux lets a receiver hold up to tcp_rmem, 6 MiB; a hole of ours rarely needs 100 KiB. */
  readonly heldPerStream: number;
  /** Out-of-order octets held in all. A fifth of the memory budget of a whole run. */
  readonly heldInAll: number;
}

export const CONN_LIMITS: ConnLimits = {
  connections: 1 << 15,
  heldPerStream: 1 << 20,
  heldInAll: 32 << 20,
};

/** What a held segment costs besides its octets: otherwise a million one-octet segments would fit into the limits. */
export const HELD_OVERHEAD = 160;

/**
 * A hole that the other side acknowledged beyond is declared lost after this many more segments of the connection, or
 * after `REORDER_TIME`, whichever comes first. An acknowledgement proves that the octets existed; only their order in
 * the capture is open: mirror ports and several receive queues misplace a segment by a burst (a NAPI poll is 64 frames
 * of all connections together), hardly ever by more than 16 of one connection.
 */
export const REORDER_SEGMENTS = 16;
/** Capture rings are merged in blocks of 20 to 50 ms; less than half of the 250 ms in which a verdict must be on screen. */
export const REORDER_TIME: Nanos = 100 * MILLISECOND;

/** Where the other side was never seen nothing can be acknowledged: a hole is lost after this (RFC 6298's first RTO). */
export const ONE_WAY_TIME: Nanos = SECOND;

/** Copies of one frame are taken within this time; below the least RTO of Linux (200 ms), so no RTO retransmission fits. */
export const COPY_TIME: Nanos = 100 * MILLISECOND;
/** The same where nothing tells a copy from a fast retransmission: a bridge passes a frame on within microseconds. */
export const COPY_TIME_UNMARKED: Nanos = 2 * MILLISECOND;

/** An established connection quiet for this long may have ended unseen: a SYN with another ISN then starts a new one. */
export const REUSE_IDLE: Nanos = SECOND;

/** How far beyond the highest octet seen a segment is believed that has nothing but its number to speak for it (a RST): a usual window. */
export const WINDOW_REACH = 1 << 20;

/** No acknowledgement or octet can lie further off: the largest window there is (RFC 7323 2.3, 2^30). */
export const SEQ_REACH = 2 ** 30;

/**
 * Whoever said something so lately is not given up for another: nearly every answer takes less. A table whose entries push
 * each other out before they are answered would see nothing at all.
 */
export const BUSY_FOR: Nanos = 15 * SECOND;

/** Forgotten after this long without a segment. */
export const IDLE_AFTER = {
  /** Handshakes and last goodbyes: Linux gives up a SYN after 127 s (tcp_syn_retries 6). */
  transient: 130 * SECOND,
  /** Linux's tcp_keepalive_time; a connection quiet for longer says nothing about a 502. */
  open: 7200 * SECOND,
  /** Closed ones stay to take in what was sent before they heard of it: two of Linux's least RTOs and some. */
  closed: 500 * MILLISECOND,
  /** Their four-tuples alone, so that a late ACK or FIN opens nothing. Costs 100 octets each, a connection 700. */
  past: 5 * SECOND,
} as const;

/** Deadlines are looked at this often: fine enough for `REORDER_TIME`, so that ticking after every frame costs nothing. */
export const TICK_TIME: Nanos = 20 * MILLISECOND;
