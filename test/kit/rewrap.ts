/** Frames of a capture, read by the project's own readers, put behind another link header to be written again. */
import type { Frame } from '../../src/model/source-record.ts';
import { CaptureStream } from '../../src/sources/pcap/capture-stream.ts';
import { Reading } from '../../src/sources/pcap/reading.ts';
import type { Packet } from './capture-files.ts';
import { concat, ethernet, LINK_TYPES, octets, u16, u32 } from './packets.ts';

/** One frame of `-i any` or Ethernet, without its link header. */
export interface BarePacket {
  readonly at: bigint;
  readonly etherType: number;
  readonly payload: Uint8Array;
  /** Octets that the snap length cut. */
  readonly cut: number;
  /** Of the interface in the kernel; 1 is the loopback, and what Ethernet captures are given. */
  readonly interfaceIndex: number;
}

const ETHERNET_HEADER = 14;
const SLL2_HEADER = 20;

/** All frames of a capture, in file order. */
export function barePackets(capture: Uint8Array): BarePacket[] {
  const packets: BarePacket[] = [];
  const frame = (each: Frame): void => void packets.push(bare(each, reading.epoch ?? 0n));
  const reading = new Reading({ frame, journal: () => {}, loss: () => {} });
  const stream = new CaptureStream(reading);
  stream.push(capture);
  stream.end();
  return packets;
}

function bare({ at, linkType, octets: window, wireLength }: Frame, epoch: bigint): BarePacket {
  const { bytes, view, start, end } = window;
  const cooked = linkType === LINK_TYPES.sll2;
  if (!cooked && linkType !== LINK_TYPES.ethernet) throw new Error(`link type ${linkType} is not rewrapped`);
  return {
    at: epoch + BigInt(at),
    etherType: view.getUint16(start + (cooked ? 0 : 12)),
    payload: bytes.slice(start + (cooked ? SLL2_HEADER : ETHERNET_HEADER), end),
    cut: wireLength - (end - start),
    interfaceIndex: cooked ? view.getUint32(start + 4) : 1,
  };
}

export function asEthernet(packet: BarePacket): Packet {
  return wrapped(packet, ethernet(packet.etherType, packet.payload));
}

/** As a capture with `-i any` writes it. */
export function asCooked(packet: BarePacket): Packet {
  const { etherType, payload, interfaceIndex } = packet;
  const head = concat(u16(etherType, 0), u32(interfaceIndex), u16(1), octets(0, 6), new Uint8Array(8));
  return wrapped(packet, concat(head, payload));
}

function wrapped({ at, cut }: BarePacket, frame: Uint8Array): Packet {
  return { at, octets: frame, wireLength: frame.length + cut };
}

/** Each packet and, `later` nanoseconds after it, its copy by another interface, as `-i any` sees both sides of a bridge. */
export function seenTwice(packets: readonly BarePacket[], later = 4_000n): BarePacket[] {
  const all: BarePacket[] = [];
  const copies: BarePacket[] = [];
  for (const packet of packets) {
    while (copies[0] && copies[0].at < packet.at) all.push(copies.shift() as BarePacket);
    all.push(packet);
    copies.push({ ...packet, at: packet.at + later, interfaceIndex: packet.interfaceIndex + 10 });
  }
  return [...all, ...copies];
}
