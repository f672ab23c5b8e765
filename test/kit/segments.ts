/**
 * Segments for tests: a builder with defaults, and a script of two TCP ends that keeps seq and ack right.
 *
 *   const line = new Line(sink);
 *   const { client, server } = line.conversation({ client: '10.0.0.1:40000', server: '10.0.0.2:80' });
 *   line.at(3 * MILLISECOND);
 *   client.syn();
 *   server.rst();
 *
 * Whatever is fed is lent only: the segment object and its octets are overwritten after each call, so that a station
 * that keeps what it does not own fails its test.
 */
import { octetsOf } from '../../src/model/octets.ts';
import {
  ACK,
  type AddressWords,
  FIN,
  PSH,
  RST,
  type Segment,
  type SegmentSink,
  SYN,
  type Unreachable,
} from '../../src/model/segment.ts';
import { MICROSECOND, type Nanos } from '../../src/model/time.ts';

/** What a line feeds: the tracker, or a whole pipeline. */
export type TcpSink = Pick<SegmentSink, 'segment' | 'unreachable'>;

/** Words of a dotted IPv4 or a colon-separated IPv6 address. */
export function words(address: string): AddressWords {
  if (!address.includes(':')) {
    const parts = address.split('.').map(Number);
    const w3 = parts.reduce((word, part) => word * 256 + part, 0);
    return { w0: 0, w1: 0, w2: 0xffff, w3 };
  }
  const [head = '', tail] = address.split('::');
  const groups = (text: string): number[] =>
    text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16));
  const front = groups(head);
  const back = tail === undefined ? [] : groups(tail);
  const all = [...front, ...new Array<number>(8 - front.length - back.length).fill(0), ...back];
  const word = (n: number): number => (all[n * 2] as number) * 65536 + (all[n * 2 + 1] as number);
  return { w0: word(0), w1: word(1), w2: word(2), w3: word(3) };
}

/** `10.0.0.1:80` or `[::1]:80`. */
export function socket(text: string): { readonly address: AddressWords; readonly port: number } {
  const colon = text.lastIndexOf(':');
  return { address: words(text.slice(0, colon).replace(/^\[|\]$/g, '')), port: Number(text.slice(colon + 1)) };
}

export function octetsFrom(content: string | Uint8Array): Uint8Array {
  return typeof content === 'string' ? new TextEncoder().encode(content) : content;
}

export interface SegmentFields extends Partial<Omit<Segment, 'octets' | 'source' | 'destination'>> {
  /** `10.0.0.1:40000` */
  readonly from?: string;
  readonly to?: string;
  readonly content?: string | Uint8Array;
}

/** One segment, an ACK without octets from 10.0.0.1:40000 to 10.0.0.2:80 unless told otherwise. */
export function segment(fields: SegmentFields = {}): Segment {
  const { from = '10.0.0.1:40000', to = '10.0.0.2:80', content = '', ...rest } = fields;
  const octets = octetsFrom(content);
  return {
    at: 0,
    frame: 1,
    interfaceId: 0,
    source: socket(from).address,
    sourcePort: socket(from).port,
    destination: socket(to).address,
    destinationPort: socket(to).port,
    ttl: 64,
    ipId: 0,
    seq: 0,
    ack: 0,
    flags: ACK,
    window: 65535,
    length: octets.length,
    ...rest,
    octets: octetsOf(octets),
  };
}

const BEFORE = 7;
const AFTER = 5;

/** Hands `from` over as the decoder does: on loan. */
export function lend(sink: TcpSink, from: Segment): void {
  const { bytes, start, end } = from.octets;
  const frame = new Uint8Array(BEFORE + end - start + AFTER).fill(0xee);
  frame.set(bytes.subarray(start, end), BEFORE);
  const lent: Segment = { ...from, source: { ...from.source }, destination: { ...from.destination } };
  lent.octets = { ...octetsOf(frame), start: BEFORE, end: BEFORE + end - start };
  sink.segment(lent);
  frame.fill(0xdd);
  Object.assign(lent, { at: -1, frame: -1, seq: 0xdddddddd, ack: 0xdddddddd, flags: 0, length: 0 });
  Object.assign(lent.octets, { start: 0, end: 0 });
  for (const address of [lent.source, lent.destination]) Object.assign(address, { w0: -1, w1: -1, w2: -1, w3: -1 });
}

/** The wire as one capture sees it: counts frames, holds the time, and loses, delays or repeats what it is told to. */
export class Line {
  /** Time of the next frame. */
  now: Nanos = 0;
  /** Number of the latest frame. */
  frame = 0;
  /** Time between frames where `at` says nothing. */
  step: Nanos = 10 * MICROSECOND;
  /** Octets of payload the capture keeps of a segment. */
  snap = Number.POSITIVE_INFINITY;
  /** The latest segment fed. */
  last: Segment | undefined;
  private readonly sink: TcpSink;
  private withheld: Segment[] | undefined;

  constructor(sink: TcpSink) {
    this.sink = sink;
  }

  /** The next frame is captured at `now`. */
  at(now: Nanos): this {
    this.now = now;
    return this;
  }

  /** Two ends that know nothing of each other yet. */
  conversation(options: ConversationOptions = {}): Conversation {
    const { client = '10.0.0.1:40000', server = '10.0.0.2:80' } = options;
    const forward = new End(this, client, server, options.clientIsn ?? 1000);
    const reverse = new End(this, server, client, options.serverIsn ?? 5000);
    forward.other = reverse;
    reverse.other = forward;
    return {
      client: forward,
      server: reverse,
      handshake() {
        forward.syn();
        reverse.synAck();
        forward.ack();
      },
    };
  }

  /** Feeds `from` as the next frame. Its octets are cut at the snap length. */
  feed(from: Segment): void {
    if (this.withheld !== undefined) {
      this.withheld.push(from);
      return;
    }
    const fed = { ...from, at: this.now, frame: ++this.frame, octets: { ...from.octets } };
    fed.octets.end = Math.min(fed.octets.end, fed.octets.start + this.snap);
    this.now += this.step;
    this.last = fed;
    lend(this.sink, fed);
  }

  /** What `script` sends is not seen by the capture; it is returned, to be fed later or never. */
  withhold(script: () => void): Segment[] {
    this.withheld = [];
    script();
    const segments = this.withheld;
    this.withheld = undefined;
    return segments;
  }

  /** The latest segment once more, as a second interface or a mirror port shows it. */
  copy(change: Partial<Segment> = {}): void {
    if (this.last !== undefined) this.feed({ ...this.last, ...change });
  }

  /** An ICMP or ICMPv6 destination unreachable that quotes the latest segment of `end`. */
  unreachable(end: End, change: Partial<Unreachable> = {}): void {
    const from = socket(end.from);
    const to = socket(end.to);
    const version = end.to.startsWith('[') ? 6 : 4;
    this.sink.unreachable({
      at: this.now,
      frame: ++this.frame,
      interfaceId: 0,
      version,
      reporter: to.address,
      code: version === 4 ? 1 : 3,
      quotedProtocol: 6,
      source: from.address,
      sourcePort: from.port,
      destination: to.address,
      destinationPort: to.port,
      ...change,
    });
    this.now += this.step;
  }
}

export interface ConversationOptions {
  readonly client?: string;
  readonly server?: string;
  readonly clientIsn?: number;
  readonly serverIsn?: number;
}

export interface Conversation {
  readonly client: End;
  readonly server: End;
  /** SYN, SYN-ACK, ACK. */
  handshake(): void;
}

/** One end of a TCP connection. Each verb sends one segment; `change` overrides any field of it. */
export class End {
  readonly from: string;
  readonly to: string;
  /** Sequence number of the next octet this end sends. */
  seq: number;
  other: End = this;
  ttl = 64;
  window = 65535;
  private ipId: number;
  private readonly isn: number;
  private readonly line: Line;
  private latest: Segment | undefined;

  constructor(line: Line, from: string, to: string, isn: number) {
    this.line = line;
    this.from = from;
    this.to = to;
    this.isn = isn;
    this.seq = isn;
    this.ipId = (isn * 7) & 0x7fff;
  }

  syn(change: SegmentFields = {}): void {
    this.put({ flags: SYN, seq: this.isn, ack: 0, ...change });
    this.seq = this.isn + 1 + (this.latest?.length ?? 0);
  }

  synAck(change: SegmentFields = {}): void {
    this.put({ flags: SYN | ACK, seq: this.isn, ...change });
    this.seq = this.isn + 1;
  }

  ack(change: SegmentFields = {}): void {
    this.put(change);
  }

  send(content: string | Uint8Array, change: SegmentFields = {}): void {
    const seq = this.seq;
    this.seq += octetsFrom(content).length;
    this.put({ flags: PSH | ACK, seq, content, ...change });
  }

  fin(change: SegmentFields = {}): void {
    this.put({ flags: FIN | ACK, ...change });
    this.seq += 1 + (this.latest?.length ?? 0);
  }

  rst(change: SegmentFields = {}): void {
    const answersSyn = this.seq === this.isn;
    this.put({ flags: RST | ACK, seq: answersSyn ? 0 : this.seq, ipId: 0, ...change });
  }

  /** RFC 9293 3.8.4: an octet that was acknowledged before, or none. */
  keepAlive(change: SegmentFields = {}): void {
    this.put({ seq: this.seq - 1, ...change });
  }

  /** The latest segment of this end once more, as its own retransmission: a new IP identification. */
  again(change: Partial<Segment> = {}): void {
    if (this.latest !== undefined) this.line.feed({ ...this.latest, ipId: this.nextId(), ...change });
  }

  private put(fields: SegmentFields): void {
    const made = segment({
      from: this.from,
      to: this.to,
      seq: this.seq,
      ack: this.other.seq,
      ttl: this.ttl,
      window: this.window,
      ipId: this.from.startsWith('[') ? -1 : this.nextId(),
      ...fields,
    });
    this.latest = { ...made, seq: made.seq >>> 0, ack: made.ack >>> 0 };
    this.line.feed(this.latest);
  }

  private nextId(): number {
    if (this.from.startsWith('[')) return -1;
    this.ipId = (this.ipId + 1) & 0xffff;
    return this.ipId;
  }
}
