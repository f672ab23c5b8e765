/** What passes between a stream of octets and the side of the dialogue that it serves. */
import type { GapWhy } from '../../model/connection.ts';
import type { FaultName } from '../../model/message.ts';
import type { Recognition } from '../protocol.ts';
import type { Framing } from './framing.ts';
import type { HeadScan } from './head-scan.ts';

/** The octets of a head, or of as much of it as there is. */
export interface HeadOctets {
  readonly bytes: Uint8Array;
  readonly from: number;
  readonly to: number;
  readonly scan: HeadScan;
}

/** What the stream asks of the side it serves. */
export interface Reader {
  /** Do these octets begin a message? */
  begins(bytes: Uint8Array, from: number, to: number): Recognition;
  /** The place was lost, and now the next message begins: the one before is over. */
  settle(): void;
  /** First octet of a message. */
  begun(): void;
  /** The first line, complete at `lineEnd` or (-1) as far as `to`. What to do if it is none. */
  firstLine(bytes: Uint8Array, from: number, lineEnd: number, to: number): 'no-http' | 'place-lost' | undefined;
  /** The head is complete: how is the body framed? Content-Length goes to `stream.left`. */
  head(head: HeadOctets): Framing;
  /** A gap or a close came before the head's end. */
  headCut(head: HeadOctets, why: GapWhy | 'closed'): void;
  /** The message that was begun is complete. */
  ended(): void;
  fault(name: FaultName, detail: string, sample: string, offset: number, text: string): void;
  lost(octets: number): void;
  /** The message may turn out to have no body although its head promises one. */
  maybeBodiless(): boolean;
}
