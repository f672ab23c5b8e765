/** One pcapng section: its interfaces, and what its blocks say. Blocks come whole; their bodies are still distrusted. */
import type { Octets } from '../../model/octets.ts';
import type { Nanos } from '../../model/time.ts';
import { DEFAULT_RESOLUTION, InterfaceClock } from './interface-clock.ts';
import { readJournal } from './journal.ts';
import { readOptions } from './options.ts';
import type { CaptureInterface, Reading } from './reading.ts';

const INTERFACE_DESCRIPTION = 1;
const OBSOLETE_PACKET = 2;
const SIMPLE_PACKET = 3;
const INTERFACE_STATISTICS = 5;
const ENHANCED_PACKET = 6;
const JOURNAL_EXPORT = 9;

/** Octets of a block's body before its options or its packet. */
const DESCRIPTION_HEADER = 8;
const SIMPLE_HEADER = 4;
const STATISTICS_HEADER = 12;
const PACKET_HEADER = 20;

const OPT_COMMENT = 1;
const IF_NAME = 2;
const IF_TSRESOL = 9;
const IF_TSOFFSET = 14;
const EPB_DROPCOUNT = 4;
const ISB_IFDROP = 5;
const ISB_OSDROP = 7;

/** In the drop count of an obsolete Packet Block: not known. */
const NO_DROP_COUNT = 0xffff;

const TWO_TO_32 = 4_294_967_296;

/** Interfaces of one section. Whoever has more virtual interfaces than this captures on `any`. */
export const MAX_INTERFACES = 65_536;

interface SectionInterface extends CaptureInterface {
  readonly clock: InterfaceClock;
  /** Counters of the last statistics block. They count from the start of the capture: what is new is a loss. */
  ifDrop: number;
  osDrop: number;
}

const SHORT_BLOCK = 'a block is too short for what it holds';

const utf8 = new TextDecoder('utf-8');

export class Section {
  readonly little: boolean;

  readonly #reading: Reading;
  readonly #firstId: number;
  readonly #interfaces: SectionInterface[] = [];
  /** From the options of the packet that is being read. */
  #comment: string | undefined;
  #dropCount = 0;

  constructor(reading: Reading, little: boolean, firstId: number) {
    this.#reading = reading;
    this.little = little;
    this.#firstId = firstId;
  }

  /** Of the first interface of the next section: ids are counted over the whole capture. */
  get nextInterfaceId(): number {
    return this.#firstId + this.#interfaces.length;
  }

  /** Reads the block `octets.view[at..end)`; returns what is wrong with it, if anything. */
  block(octets: Octets, at: number, end: number): string | undefined {
    const { view } = octets;
    const body = at + 8;
    const bodyEnd = end - 4;
    switch (view.getUint32(at, this.little)) {
      case ENHANCED_PACKET:
        return this.#packet(view, body, bodyEnd, false);
      case OBSOLETE_PACKET:
        return this.#packet(view, body, bodyEnd, true);
      case SIMPLE_PACKET:
        return this.#simplePacket(view, body, bodyEnd);
      case INTERFACE_DESCRIPTION:
        return this.#describe(octets, body, bodyEnd);
      case INTERFACE_STATISTICS:
        return this.#statistics(view, body, bodyEnd);
      case JOURNAL_EXPORT:
        return this.#journal(octets.bytes, body, bodyEnd);
      default:
        return undefined; // names, secrets, custom and unknown blocks
    }
  }

  /** Enhanced and obsolete packets differ in the first word only: interface, or interface and drops. */
  #packet(view: DataView, body: number, bodyEnd: number, obsolete: boolean): string | undefined {
    const { little } = this;
    const start = body + PACKET_HEADER;
    if (start > bodyEnd) return SHORT_BLOCK;
    const captured = view.getUint32(body + 12, little);
    if (captured > bodyEnd - start) return 'a packet is longer than the block it is in';
    const from = this.#interfaces[obsolete ? view.getUint16(body, little) : view.getUint32(body, little)];
    if (!from) return 'a packet is from an interface that was not described';
    const { frame } = this.#reading;
    const end = start + captured;
    frame.at = this.#time(from, view.getUint32(body + 4, little), view.getUint32(body + 8, little));
    if (obsolete) this.#obsoleteDrops(view, body, from);
    const options = start + ((captured + 3) & ~3);
    if (options < bodyEnd) this.#readPacketOptions(view, options, bodyEnd, from);
    frame.linkType = from.linkType;
    frame.interfaceId = from.id;
    frame.octets.start = start;
    frame.octets.end = end;
    frame.wireLength = view.getUint32(body + 16, little);
    this.#reading.give();
    if (this.#comment !== undefined) this.#giveComment(this.#comment);
    return undefined;
  }

  /** Has no time and no interface: the first one's, and as late as the record before. */
  #simplePacket(view: DataView, body: number, bodyEnd: number): string | undefined {
    const start = body + SIMPLE_HEADER;
    if (start > bodyEnd) return SHORT_BLOCK;
    const [from] = this.#interfaces;
    if (!from) return 'a packet is from an interface that was not described';
    const { frame } = this.#reading;
    const wireLength = view.getUint32(body, this.little);
    const kept = from.snapLength === 0 ? wireLength : Math.min(wireLength, from.snapLength);
    frame.linkType = from.linkType;
    frame.interfaceId = from.id;
    frame.octets.start = start;
    frame.octets.end = Math.min(bodyEnd, start + kept);
    frame.wireLength = wireLength;
    this.#reading.give();
    return undefined;
  }

  #obsoleteDrops(view: DataView, body: number, from: SectionInterface): void {
    const drops = view.getUint16(body + 2, this.little);
    if (drops !== NO_DROP_COUNT) this.#lost(drops, from, 'before this packet');
  }

  #readPacketOptions(view: DataView, at: number, end: number, from: SectionInterface): void {
    readOptions(view, this.little, at, end, this.#packetOption);
    if (this.#dropCount > 0) this.#lost(this.#dropCount, from, 'before this packet');
    this.#dropCount = 0;
  }

  /** One function for all packets, so that none is made per packet. */
  readonly #packetOption = (view: DataView, code: number, at: number, length: number): void => {
    if (code === OPT_COMMENT) this.#comment = text(view, at, length);
    else if (code === EPB_DROPCOUNT && length === 8) this.#dropCount = this.#count(view, at);
  };

  #giveComment(comment: string): void {
    this.#comment = undefined;
    this.#reading.giveComment(comment);
  }

  #describe(octets: Octets, body: number, bodyEnd: number): string | undefined {
    const { view } = octets;
    if (body + DESCRIPTION_HEADER > bodyEnd) return SHORT_BLOCK;
    if (this.#interfaces.length === MAX_INTERFACES) return `more than ${MAX_INTERFACES} interfaces`;
    let name = '';
    let resolution = DEFAULT_RESOLUTION;
    let offset = 0n;
    readOptions(view, this.little, body + DESCRIPTION_HEADER, bodyEnd, (_, code, at, length) => {
      if (code === IF_NAME) name = text(view, at, length);
      else if (code === IF_TSRESOL && length === 1) resolution = view.getUint8(at);
      else if (code === IF_TSOFFSET && length === 8) offset = view.getBigInt64(at, this.little);
    });
    const described = {
      id: this.nextInterfaceId,
      name,
      linkType: view.getUint16(body, this.little),
      snapLength: view.getUint32(body + 4, this.little),
    };
    this.#interfaces.push({ ...described, clock: new InterfaceClock(resolution, offset), ifDrop: 0, osDrop: 0 });
    this.#reading.describe(described);
    return undefined;
  }

  #statistics(view: DataView, body: number, bodyEnd: number): string | undefined {
    const { little } = this;
    if (body + STATISTICS_HEADER > bodyEnd) return SHORT_BLOCK;
    const from = this.#interfaces[view.getUint32(body, little)];
    if (!from) return 'statistics are of an interface that was not described';
    const at = this.#time(from, view.getUint32(body + 4, little), view.getUint32(body + 8, little));
    readOptions(view, little, body + STATISTICS_HEADER, bodyEnd, (_, code, value, length) => {
      if (length !== 8 || (code !== ISB_IFDROP && code !== ISB_OSDROP)) return;
      const counter = code === ISB_IFDROP ? 'ifDrop' : 'osDrop';
      const count = this.#count(view, value);
      this.#lost(count - from[counter], from, code === ISB_IFDROP ? 'isb_ifdrop' : 'isb_osdrop', at);
      from[counter] = count;
    });
    return undefined;
  }

  #journal(bytes: Uint8Array, body: number, bodyEnd: number): undefined {
    const fields = readJournal(bytes, body, bodyEnd);
    const written = fields.get('__REALTIME_TIMESTAMP');
    const known = written !== undefined && /^\d{1,20}$/.test(written);
    const time = known ? BigInt(written) * 1000n : undefined;
    const at = time === undefined ? undefined : Number(time - this.#reading.epochFrom(time));
    this.#reading.giveJournal(at, fields);
  }

  #time(from: SectionInterface, high: number, low: number): Nanos {
    const { clock } = from;
    if (!clock.based) clock.base(this.#reading.epochFrom(clock.absolute(high, low)));
    return clock.nanos(high, low);
  }

  #lost(count: number, from: SectionInterface, told: string, at: Nanos = this.#reading.frame.at): void {
    if (count <= 0) return;
    this.#reading.giveLoss({ at, count, where: `${from.name || `interface ${from.id}`} (${told})` });
  }

  /** A 64-bit counter; beyond 2^53 it would be a lie anyway. */
  #count(view: DataView, at: number): number {
    const [high, low] = this.little ? [at + 4, at] : [at, at + 4];
    return view.getUint32(high, this.little) * TWO_TO_32 + view.getUint32(low, this.little);
  }
}

function text(view: DataView, at: number, length: number): string {
  return utf8.decode(new Uint8Array(view.buffer, view.byteOffset + at, length));
}
