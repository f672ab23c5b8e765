/**
 * The walk through a frame, outermost header first, to what it says: a segment, a datagram, an unreachable, a question
 * about a neighbour, or something that is only counted. Lax: a segment whose payload the capture cut is still handed on.
 * Never throws. What it hands on is reused: valid during the call only.
 */
import type { Malformed } from '../model/malformed.ts';
import type { Octets } from '../model/octets.ts';
import type { Datagram, FrameOrigin, Neighbour, Segment, SegmentSink, Unreachable } from '../model/segment.ts';
import type { Frame } from '../model/source-record.ts';
import { NO_TIME } from '../model/time.ts';
import { type Outcome, type WireCounters, wireCounters } from './counters.ts';
import { readEthernet } from './ethernet.ts';
import { readUnreachable } from './icmp.ts';
import { type IpHeader, ipHeader, noAddress } from './ip-header.ts';
import { readIpv4 } from './ipv4.ts';
import { readIpv6 } from './ipv6.ts';
import { IPV4_TYPE, IPV6_TYPE, readLoopback, readRaw } from './loopback.ts';
import { readArp, readDiscovery } from './neighbour.ts';
import { readPlainTcp } from './plain-tcp.ts';
import { readSll, readSll2 } from './sll.ts';
import { readTcp } from './tcp.ts';
import { readUdp } from './udp.ts';
import { Walk } from './walk.ts';

const ARP_TYPE = 0x0806;

const ICMP = 1;
const IPV4_IN_IP = 4;
const TCP = 6;
const UDP = 17;
const IPV6_IN_IP = 41;
const ICMPV6 = 58;

/** IP headers followed inside an IP packet (6in4, IP-in-IP). Two allow a tunnel inside a tunnel. */
export const MAX_TUNNELS = 2;

export class FrameDecoder {
  readonly counters: WireCounters = wireCounters();
  /** The last frame that could not be read to its end, and why. */
  lastMalformed: { readonly frame: number; readonly malformed: Malformed } | undefined;

  readonly #sink: SegmentSink;
  readonly #walk = new Walk();
  readonly #ip: IpHeader = ipHeader();
  readonly #quoted: IpHeader = ipHeader();
  readonly #segment: Segment;
  readonly #datagram: Datagram;
  readonly #unreachable: Unreachable;
  readonly #neighbour: Neighbour;

  constructor(sink: SegmentSink) {
    this.#sink = sink;
    // The address words are those that the IP reader fills: nothing is copied.
    const { source, destination } = this.#ip;
    const origin: FrameOrigin = { at: NO_TIME, frame: 0, interfaceId: 0 };
    const ends = { ...origin, source, sourcePort: 0, destination, destinationPort: 0 };
    // -0 is a double to V8: the fields need not change their shape for what does not fit into 31 bits.
    const header = { ttl: 0, ipId: 0, seq: -0, ack: -0, flags: 0, window: 0 };
    this.#segment = { ...ends, ...header, octets: noOctets(), length: 0 };
    this.#datagram = { ...ends, octets: noOctets() };
    const tried = { source: this.#quoted.source, destination: this.#quoted.destination };
    this.#unreachable = { ...ends, ...tried, version: 4, reporter: source, code: 0, quotedProtocol: 0 };
    this.#neighbour = { ...origin, what: 'asks', asker: noAddress(), target: noAddress() };
  }

  frame(frame: Frame): void {
    const { counters } = this;
    counters.frames++;
    if (readPlainTcp(frame, this.#segment)) {
      counters.segments++;
      this.#give(frame);
      return;
    }
    this.#walk.aim(frame.octets, frame.wireLength);
    const outcome = this.#link(frame);
    if (outcome === 'segments') counters.segments++;
    else if (outcome === 'stopped') this.#stopped(frame.number);
    else counters[outcome]++;
  }

  #link(frame: Frame): Outcome | 'stopped' {
    switch (frame.linkType) {
      case 1:
        return readEthernet(this.#walk) ? this.#network(frame) : 'stopped';
      case 113:
        return readSll(this.#walk) ? this.#network(frame) : 'stopped';
      case 276:
        return readSll2(this.#walk) ? this.#network(frame) : 'stopped';
      case 0:
      case 108:
        return readLoopback(this.#walk) ? this.#network(frame) : 'stopped';
      case 12: // DLT_RAW, written by some tools without translation to LINKTYPE_RAW
      case 14: // the same on OpenBSD
      case 101:
        return readRaw(this.#walk) ? this.#network(frame) : 'stopped';
      case 228:
        return this.#internet(frame, 4);
      case 229:
        return this.#internet(frame, 6);
      default:
        return 'otherLink';
    }
  }

  #network(frame: Frame): Outcome | 'stopped' {
    const { etherType } = this.#walk;
    if (etherType === IPV4_TYPE) return this.#internet(frame, 4);
    if (etherType === IPV6_TYPE) return this.#internet(frame, 6);
    if (etherType !== ARP_TYPE) return 'otherEtherType';
    const read = readArp(this.#walk, this.#neighbour);
    return read === 'other' ? 'otherEtherType' : this.#neighbourRead(frame, read);
  }

  #internet(frame: Frame, outer: 4 | 6): Outcome | 'stopped' {
    const ip = this.#ip;
    let version = outer;
    for (let tunnels = 0; ; tunnels++) {
      if (!(version === 4 ? readIpv4(this.#walk, ip) : readIpv6(this.#walk, ip))) return 'stopped';
      if (ip.fragment) return 'fragments';
      if (ip.protocol === TCP) return this.#tcp(frame);
      const nested = ip.protocol === IPV4_IN_IP || ip.protocol === IPV6_IN_IP;
      if (!nested || tunnels === MAX_TUNNELS) break;
      version = ip.protocol === IPV4_IN_IP ? 4 : 6;
    }
    if (ip.protocol === UDP) return this.#udp(frame);
    if (ip.protocol === (version === 4 ? ICMP : ICMPV6)) return this.#icmp(frame);
    return 'otherProtocol';
  }

  #tcp(frame: Frame): Outcome | 'stopped' {
    const segment = this.#segment;
    if (!readTcp(this.#walk, segment)) return 'stopped';
    segment.ttl = this.#ip.ttl;
    segment.ipId = this.#ip.id;
    this.#give(frame);
    return 'segments';
  }

  #give(frame: Frame): void {
    const segment = this.#segment;
    if (segment.octets.end - segment.octets.start < segment.length) this.counters.shortened++;
    stamp(frame, segment);
    lend(frame, segment.octets);
    this.#sink.segment(segment);
  }

  #udp(frame: Frame): Outcome | 'stopped' {
    const read = readUdp(this.#walk, this.#datagram);
    if (read !== 'datagram') return read === 'other' ? 'otherDatagram' : 'stopped';
    stamp(frame, this.#datagram);
    lend(frame, this.#datagram.octets);
    this.#sink.datagram(this.#datagram);
    return 'datagrams';
  }

  #icmp(frame: Frame): Outcome | 'stopped' {
    const about = this.#ip.version === 6 ? readDiscovery(this.#walk, this.#ip, this.#neighbour) : 'other';
    if (about !== 'other') return this.#neighbourRead(frame, about);
    const read = readUnreachable(this.#walk, this.#ip, this.#quoted, this.#unreachable);
    if (read !== 'unreachable') return read === 'other' ? 'otherIcmp' : 'stopped';
    stamp(frame, this.#unreachable);
    this.#sink.unreachable(this.#unreachable);
    return 'unreachables';
  }

  #neighbourRead(frame: Frame, read: 'neighbour' | 'stopped'): Outcome | 'stopped' {
    if (read === 'stopped') return 'stopped';
    stamp(frame, this.#neighbour);
    this.#sink.neighbour(this.#neighbour);
    return 'neighbours';
  }

  #stopped(frame: number): void {
    if (this.#walk.stoppedBy === 'cut') this.counters.cut++;
    else this.counters.malformed[this.#walk.stoppedIn]++;
    this.lastMalformed = { frame, malformed: this.#walk.malformed() };
  }
}

function stamp(frame: Frame, onto: FrameOrigin): void {
  onto.at = frame.at;
  onto.frame = frame.number;
  onto.interfaceId = frame.interfaceId;
}

function lend(frame: Frame, to: Octets): void {
  to.bytes = frame.octets.bytes;
  to.view = frame.octets.view;
}

function noOctets(): Octets {
  return { bytes: new Uint8Array(0), view: new DataView(new ArrayBuffer(0)), start: 0, end: 0 };
}
