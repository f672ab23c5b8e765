/**
 * One direction of a TCP connection: how far its octets were followed, and the facts that other stations read.
 *
 * Invariants: `position` octets were delivered or declared missing, and the next one has sequence number `next`.
 * `position <= octets`; `acknowledged > position` only while a hole waits to be filled or declared. Neither SYN nor FIN is
 * counted as an octet; after FIN, `next` is the FIN's own number.
 */
import { seqAdd, seqDistance } from '../bytes/seq.ts';
import type { StreamFacts } from '../model/connection.ts';
import type { Moment } from '../model/time.ts';
import { HeldOctets } from './held-octets.ts';
import { FIRST_OCTET, LAST_ACKNOWLEDGEMENT, LAST_OCTET, type Moments, momentAt } from './moments.ts';
import type { OctetCopies } from './octet-copies.ts';

/** How the sequence number of the first octet is known: not at all, from an acknowledgement amid a connection, or surely. */
type Start = 'unknown' | 'guessed' | 'known';

/** Octets after a hole, and how long the hole may stay open. */
export interface Hole {
  readonly held: HeldOctets;
  readonly since: number;
  /** When an acknowledgement beyond the hole was seen, and how many segments may still come before it is given up. */
  ackedSince: number | undefined;
  patience: number;
}

/** What most streams never have, or only when they end: kept apart so that an idle connection stays small. */
class SeldomFacts {
  fin: Moment | undefined = undefined;
  /** Position of the FIN; infinity while none was seen. */
  finPosition = Number.POSITIVE_INFINITY;
  finAcknowledged = false;
  rst: Moment | undefined = undefined;
  rstTtl = 0;
  retransmissions = 0;
  hole: Hole | undefined = undefined;
  rivalSeq: number | undefined = undefined;
}

export class Stream implements StreamFacts {
  octets = 0;
  acknowledged = 0;
  zeroWindow = false;
  ttl = 0;
  next = 0;
  position = 0;
  missing = 0;
  start: Start = 'unknown';
  finished = false;
  seldom: SeldomFacts | undefined = undefined;
  readonly moments: Moments;
  readonly momentsAt: number;

  constructor(moments: Moments, momentsAt: number) {
    this.moments = moments;
    this.momentsAt = momentsAt;
  }

  get firstOctet(): Moment | undefined {
    return momentAt(this.moments, this.momentsAt + FIRST_OCTET);
  }

  get lastOctet(): Moment | undefined {
    return momentAt(this.moments, this.momentsAt + LAST_OCTET);
  }

  get lastAcknowledgement(): Moment | undefined {
    return momentAt(this.moments, this.momentsAt + LAST_ACKNOWLEDGEMENT);
  }

  get fin(): Moment | undefined {
    return this.seldom?.fin;
  }

  get rst(): Moment | undefined {
    return this.seldom?.rst;
  }

  get rstTtl(): number {
    return this.seldom?.rstTtl ?? 0;
  }

  get retransmissions(): number {
    return this.seldom?.retransmissions ?? 0;
  }

  get hole(): Hole | undefined {
    return this.seldom?.hole;
  }

  /**
   * Where the stream starts by another SYN-ACK to the same SYN (two servers behind one address): it counts if the opener
   * acknowledges it.
   */
  get rivalSeq(): number | undefined {
    return this.seldom?.rivalSeq;
  }

  /** Position of the FIN; infinity while none was seen. */
  get finPosition(): number {
    return this.seldom?.finPosition ?? Number.POSITIVE_INFINITY;
  }

  /** The facts that are kept apart, made on the first need. */
  rare(): SeldomFacts {
    this.seldom ??= new SeldomFacts();
    return this.seldom;
  }

  /** The first octet of the stream has sequence number `seq`. */
  begin(seq: number, start: Start): void {
    this.next = seqAdd(seq, 0);
    this.start = start;
    this.acknowledged = 0;
  }

  /** Position of the end of what is known to have been sent. */
  get sent(): number {
    const end = Math.max(this.octets, this.acknowledged);
    return this.fin === undefined ? end : Math.max(end, this.finPosition);
  }

  /** Sequence number of the first octet, modulo 2^32. */
  get firstSeq(): number {
    return seqAdd(this.next, -this.position);
  }

  /** Octets from the stream's start to `seq`; negative before it. */
  positionOf(seq: number): number {
    return this.position + seqDistance(this.next, seq);
  }

  /** `count` more octets were delivered or declared missing. */
  advance(count: number): void {
    this.position += count;
    this.next = seqAdd(this.next, count);
    if (this.position > this.octets) this.octets = this.position;
  }
}

export function newHole(copies: OctetCopies, since: number): Hole {
  return { held: new HeldOctets(copies), since, ackedSince: undefined, patience: 0 };
}
