/**
 * pcapng blocks to write: little-endian, nanoseconds, one section. Pure: each function returns the octets of one block.
 * A file is a section header, its interfaces, then packets, journal entries and statistics in order of time.
 */

const SECTION_HEADER = 0x0a0d0d0a;
const BYTE_ORDER_MAGIC = 0x1a2b3c4d;
const INTERFACE_DESCRIPTION = 1;
const INTERFACE_STATISTICS = 5;
const ENHANCED_PACKET = 6;
const JOURNAL_EXPORT = 9;

const OPT_COMMENT = 1;
const SHB_USERAPPL = 4;
const IF_NAME = 2;
const IF_TSRESOL = 9;
const EPB_FLAGS = 2;
const ISB_IFRECV = 4;
const ISB_IFDROP = 5;
const ISB_OSDROP = 7;

/** 10^-9 s. */
const NANOSECONDS = 9;
/** Section length: not known (draft-ietf-opsawg-pcapng 4.1). */
const UNKNOWN_LENGTH = 0xffff_ffff_ffff_ffffn;
/** An option's length has 16 bits; this leaves room for its padding. */
const MAX_OPTION = 65_532;

const DIRECTIONS = { inbound: 1, outbound: 2 } as const;

export interface SectionSpec {
  readonly application?: string;
  readonly comment?: string;
}

export interface InterfaceSpec {
  readonly linkType: number;
  readonly snapLength?: number;
  readonly name?: string;
}

/** `at` is nanoseconds since 1970. */
export interface PacketSpec {
  readonly interfaceId: number;
  readonly at: bigint;
  readonly octets: Uint8Array;
  readonly wireLength?: number;
  readonly comment?: string;
  readonly direction?: keyof typeof DIRECTIONS;
}

export interface StatisticsSpec {
  readonly interfaceId: number;
  readonly at: bigint;
  readonly received?: bigint;
  readonly ifDrop?: bigint;
  readonly osDrop?: bigint;
}

type Option = readonly [code: number, value: Uint8Array | undefined];

const utf8 = new TextEncoder();

export function sectionBlock(spec: SectionSpec = {}): Uint8Array {
  const options = [option(OPT_COMMENT, spec.comment), option(SHB_USERAPPL, spec.application)];
  return block(SECTION_HEADER, [u32(BYTE_ORDER_MAGIC), u16(1, 0), u64(UNKNOWN_LENGTH), ...optionList(options)]);
}

/** The nth one describes interface n, counted from 0. `snapLength` 0 or none: no limit. */
export function interfaceBlock(spec: InterfaceSpec): Uint8Array {
  const options: Option[] = [option(IF_NAME, spec.name), [IF_TSRESOL, Uint8Array.of(NANOSECONDS)]];
  return block(INTERFACE_DESCRIPTION, [u16(spec.linkType, 0), u32(spec.snapLength ?? 0), ...optionList(options)]);
}

export function packetBlock(spec: PacketSpec): Uint8Array {
  const { octets, direction } = spec;
  const options: Option[] = [
    option(OPT_COMMENT, spec.comment),
    [EPB_FLAGS, direction === undefined ? undefined : u32(DIRECTIONS[direction])],
  ];
  const lengths = u32(octets.length, spec.wireLength ?? octets.length);
  const head = [u32(spec.interfaceId), ticks(spec.at), lengths];
  return block(ENHANCED_PACKET, [...head, padded(octets), ...optionList(options)]);
}

/** One journal entry. Give `__REALTIME_TIMESTAMP` in microseconds first, as journald does. */
export function journalBlock(fields: Iterable<readonly [name: string, value: string]>): Uint8Array {
  return block(JOURNAL_EXPORT, [padded(joined([...fields].map(([name, value]) => journalField(name, value))))]);
}

export function statisticsBlock(spec: StatisticsSpec): Uint8Array {
  const counters: Option[] = [
    [ISB_IFRECV, spec.received === undefined ? undefined : u64(spec.received)],
    [ISB_IFDROP, spec.ifDrop === undefined ? undefined : u64(spec.ifDrop)],
    [ISB_OSDROP, spec.osDrop === undefined ? undefined : u64(spec.osDrop)],
  ];
  return block(INTERFACE_STATISTICS, [u32(spec.interfaceId), ticks(spec.at), ...optionList(counters)]);
}

function block(type: number, parts: readonly Uint8Array[]): Uint8Array {
  const body = joined(parts);
  const length = u32(body.length + 12);
  return joined([u32(type), length, body, length]);
}

function option(code: number, text: string | undefined): Option {
  return [code, text === undefined ? undefined : bounded(text)];
}

function optionList(options: readonly Option[]): Uint8Array[] {
  const written = options.flatMap(([code, value]) => (value ? [u16(code, value.length), padded(value)] : []));
  return written.length === 0 ? [] : [...written, u16(0, 0)];
}

/** As much of the text as an option can hold, ending with a whole character. */
function bounded(text: string): Uint8Array {
  const octets = new Uint8Array(Math.min(MAX_OPTION, text.length * 3));
  return octets.subarray(0, utf8.encodeInto(text, octets).written);
}

function journalField(name: string, value: string): Uint8Array {
  if (!value.includes('\n')) return utf8.encode(`${name}=${value}\n`);
  const octets = utf8.encode(value);
  return joined([utf8.encode(`${name}\n`), u64(BigInt(octets.length)), octets, utf8.encode('\n')]);
}

/** 64 bits as pcapng writes times: the upper half first, whatever the byte order. */
function ticks(at: bigint): Uint8Array {
  return u32(Number(BigInt.asUintN(32, at >> 32n)), Number(BigInt.asUintN(32, at)));
}

function padded(octets: Uint8Array): Uint8Array {
  return octets.length % 4 === 0 ? octets : joined([octets, new Uint8Array(4 - (octets.length % 4))]);
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function u16(...values: number[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(values.length * 2));
  values.forEach((value, n) => {
    view.setUint16(n * 2, value, true);
  });
  return new Uint8Array(view.buffer);
}

function u32(...values: number[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(values.length * 4));
  values.forEach((value, n) => {
    view.setUint32(n * 4, value, true);
  });
  return new Uint8Array(view.buffer);
}

function u64(value: bigint): Uint8Array {
  const view = new DataView(new ArrayBuffer(8));
  view.setBigUint64(0, value, true);
  return new Uint8Array(view.buffer);
}
