/** Boundary 1, source -> pipeline: what a capture holds, record by record, in file order. */
import type { Octets } from './octets.ts';
import type { Nanos } from './time.ts';

/** One link-layer frame. The object and its octets are reused: valid during the call only. */
export interface Frame {
  /** Counted from 1 over frames and journal entries, as Wireshark numbers its rows. */
  number: number;
  at: Nanos;
  /** LINKTYPE_ value of the interface it was captured on (tcpdump.org/linktypes.html). */
  linkType: number;
  /** Interface within the capture, counted from 0 over all sections. */
  interfaceId: number;
  octets: Octets;
  /** Octets on the wire; more than the octets held where the snap length cut the frame. */
  wireLength: number;
}

/** One systemd Journal Export Block: kernel events and log lines travel in these (pcapng block type 9). */
export interface JournalEntry {
  readonly number: number;
  readonly at: Nanos;
  /** `FIELD=value` pairs as written; binary fields are left out. */
  readonly fields: ReadonlyMap<string, string>;
}

/** Records that the capture itself says it lost (interface statistics), or that we gave up. */
export interface Loss {
  readonly at: Nanos;
  readonly count: number;
  readonly where: string;
}

/**
 * The capture program's reader was too slow, or its host too busy, and requests that went well were left out of the stream:
 * from here on those of a connection, or so many of a server's until now.
 */
export type LeftOut = { readonly at: Nanos } & (
  | { readonly from: string; readonly to: string }
  | { readonly server: string; readonly requests: number }
);

/** The first station's input. A source calls these in file order, synchronously. */
export interface RecordSink {
  frame(frame: Frame): void;
  journal(entry: JournalEntry): void;
  loss(loss: Loss): void;
}
