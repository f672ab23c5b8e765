/**
 * Capture files for tests, written independently of `src/sources/pcap/writer.ts`: pcap and pcapng in both byte orders,
 * every resolution, every block that the readers know.
 */
import { gzipSync } from 'node:zlib';
import { concat, type Payload, text } from './packets.ts';

/** One frame to be written. `at` is nanoseconds since 1970. */
export interface Packet {
  at?: bigint;
  octets: Uint8Array;
  /** Octets on the wire, where the capture holds fewer. */
  wireLength?: number;
}

export interface PcapSpec {
  bigEndian?: boolean;
  nanoseconds?: boolean;
  /** Kuznetsov's variant with 24-octet record headers. */
  modified?: boolean;
  linkType?: number;
  snapLength?: number;
  version?: [number, number];
}

/** 2026-11-20T10:18:03.021456789Z */
export const SOME_TIME = 1_795_169_883_021_456_789n;

export function pcapFile(packets: Packet[], spec: PcapSpec = {}): Uint8Array {
  const order = ordered(spec.bigEndian ?? false);
  const magic = spec.modified ? 0xa1b2cd34 : spec.nanoseconds ? 0xa1b23c4d : 0xa1b2c3d4;
  const [major, minor] = spec.version ?? [2, 4];
  const head = concat(
    order.u32(magic),
    order.u16(major, minor),
    order.u32(0, 0, spec.snapLength ?? 262144, spec.linkType ?? 1),
  );
  return concat(head, ...packets.map((packet) => pcapRecord(packet, spec)));
}

export function pcapRecord(packet: Packet, spec: PcapSpec = {}): Uint8Array {
  const order = ordered(spec.bigEndian ?? false);
  const at = packet.at ?? SOME_TIME;
  const fraction = Number(at % 1_000_000_000n);
  const { length } = packet.octets;
  return concat(
    order.u32(Number(at / 1_000_000_000n), spec.nanoseconds ? fraction : Math.floor(fraction / 1000), length),
    order.u32(packet.wireLength ?? length),
    new Uint8Array(spec.modified ? 8 : 0),
    packet.octets,
  );
}

/** The frames as one pcapng section with one interface. */
export function pcapngFile(packets: Packet[], spec: { bigEndian?: boolean; linkType?: number } = {}): Uint8Array {
  const block = pcapngBlocks(spec.bigEndian ?? false);
  const head = [block.section(), block.interfaceDescription({ linkType: spec.linkType ?? 1, resolution: 9 })];
  return concat(...head, ...packets.map((packet) => block.enhancedPacket(packet, { ticksPerSecond: 1_000_000_000n })));
}

export function gzipped(octets: Uint8Array): Uint8Array {
  return new Uint8Array(gzipSync(octets));
}

export interface InterfaceSpec {
  linkType?: number;
  snapLength?: number;
  name?: string;
  /** if_tsresol as written: 6 is microseconds, 0x8a is 2^-10 s. */
  resolution?: number;
  /** if_tsoffset in seconds. */
  offset?: bigint;
}

export interface PacketSpec {
  interfaceId?: number;
  ticksPerSecond?: bigint;
  /** Subtracted from the time before it is written, in seconds. */
  offset?: bigint;
  comment?: string;
  dropCount?: bigint;
}

type Order = ReturnType<typeof ordered>;

/** Builders of pcapng blocks in one byte order. */
export function pcapngBlocks(bigEndian = false) {
  const order = ordered(bigEndian);
  const block = (type: number, ...body: Uint8Array[]): Uint8Array => wrapBlock(order, type, concat(...body));
  return {
    block,
    section: (length = 0xffff_ffff_ffff_ffffn) =>
      block(0x0a0d0d0a, order.u32(0x1a2b3c4d), order.u16(1, 0), order.u64(length)),
    interfaceDescription: (spec: InterfaceSpec = {}) =>
      block(1, order.u16(spec.linkType ?? 1, 0), order.u32(spec.snapLength ?? 0), interfaceOptions(order, spec)),
    enhancedPacket: (packet: Packet, spec: PacketSpec = {}) =>
      block(
        6,
        order.u32(spec.interfaceId ?? 0),
        ticks(order, packet, spec),
        order.u32(packet.octets.length, packet.wireLength ?? packet.octets.length),
        padded(packet.octets),
        packetOptions(order, spec),
      ),
    simplePacket: (packet: Packet) =>
      block(3, order.u32(packet.wireLength ?? packet.octets.length), padded(packet.octets)),
    obsoletePacket: (packet: Packet, spec: PacketSpec & { drops?: number } = {}) =>
      block(
        2,
        order.u16(spec.interfaceId ?? 0, spec.drops ?? 0xffff),
        ticks(order, packet, spec),
        order.u32(packet.octets.length, packet.wireLength ?? packet.octets.length),
        padded(packet.octets),
      ),
    journal: (entry: Payload) => block(9, padded(text(entry))),
    statistics: (spec: { interfaceId?: number; at?: bigint; ifDrop?: bigint; osDrop?: bigint } = {}) =>
      block(
        5,
        order.u32(spec.interfaceId ?? 0),
        ticks(order, { octets: new Uint8Array(0), ...(spec.at === undefined ? {} : { at: spec.at }) }, {}),
        options(order, [
          [5, spec.ifDrop === undefined ? undefined : order.u64(spec.ifDrop)],
          [7, spec.osDrop === undefined ? undefined : order.u64(spec.osDrop)],
        ]),
      ),
  };
}

function ordered(bigEndian: boolean) {
  const write = (size: number, put: (view: DataView, at: number) => void, count: number): Uint8Array => {
    const bytes = new Uint8Array(size * count);
    const view = new DataView(bytes.buffer);
    for (let n = 0; n < count; n++) put(view, n);
    return bytes;
  };
  const little = !bigEndian;
  return {
    u16: (...values: number[]) => write(2, (view, n) => view.setUint16(n * 2, values[n] ?? 0, little), values.length),
    u32: (...values: number[]) => write(4, (view, n) => view.setUint32(n * 4, values[n] ?? 0, little), values.length),
    u64: (value: bigint) => write(8, (view) => view.setBigUint64(0, BigInt.asUintN(64, value), little), 1),
  };
}

function wrapBlock(order: Order, type: number, body: Uint8Array): Uint8Array {
  const length = order.u32(12 + body.length);
  return concat(order.u32(type), length, body, length);
}

function ticks(order: Order, packet: Packet, spec: PacketSpec): Uint8Array {
  const at = (packet.at ?? SOME_TIME) - (spec.offset ?? 0n) * 1_000_000_000n;
  const value = BigInt.asUintN(64, (at * (spec.ticksPerSecond ?? 1_000_000n)) / 1_000_000_000n);
  return order.u32(Number(value >> 32n), Number(value & 0xffff_ffffn));
}

function interfaceOptions(order: Order, spec: InterfaceSpec): Uint8Array {
  return options(order, [
    [2, spec.name === undefined ? undefined : text(spec.name)],
    [9, spec.resolution === undefined ? undefined : Uint8Array.of(spec.resolution)],
    [14, spec.offset === undefined ? undefined : order.u64(spec.offset)],
  ]);
}

function packetOptions(order: Order, spec: PacketSpec): Uint8Array {
  return options(order, [
    [1, spec.comment === undefined ? undefined : new TextEncoder().encode(spec.comment)],
    [4, spec.dropCount === undefined ? undefined : order.u64(spec.dropCount)],
  ]);
}

function options(order: Order, list: [number, Uint8Array | undefined][]): Uint8Array {
  const written = list.flatMap(([code, value]) => (value ? [order.u16(code, value.length), padded(value)] : []));
  return written.length === 0 ? new Uint8Array(0) : concat(...written, order.u16(0, 0));
}

function padded(octets: Uint8Array): Uint8Array {
  return concat(octets, new Uint8Array((4 - (octets.length % 4)) % 4));
}
