/**
 * The pcap format (draft-ietf-opsawg-pcap): a header of 24 octets, then records. Both byte orders, micro- and
 * nanoseconds, and Kuznetsov's variant with longer record headers.
 */
import type { Octets } from '../../model/octets.ts';
import { MICROSECOND, SECOND } from '../../model/time.ts';
import type { Reading } from './reading.ts';
import { MAX_RECORD, type RecordParser } from './record-parser.ts';

const FILE_HEADER = 24;
const RECORD_HEADER = 16;
const MODIFIED_RECORD_HEADER = 24;

const MAJOR_VERSION = 2;
/** Before 2.4 some writers had the two lengths of a record the wrong way round. */
const LENGTHS_SETTLED = 4;

/** The upper half of the word holds the length of the frame check sequence and reserved bits. */
const LINK_TYPE_BITS = 0xffff;

/**
 * Largest frame that is believed whatever snap length the header names: headers with too small a snap length are
 * common. libpcap (MAXIMUM_SNAPLEN) and Wireshark (WTAP_MAX_PACKET_SIZE_STANDARD) draw the line here too.
 */
const USUAL_MAX_FRAME = 262_144;

interface Magic {
  readonly little: boolean;
  readonly nanoseconds: boolean;
  readonly recordHeader: number;
}

/** By the first four octets read in network order. */
const MAGIC: ReadonlyMap<number, Magic> = new Map([
  [0xa1b2c3d4, { little: false, nanoseconds: false, recordHeader: RECORD_HEADER }],
  [0xd4c3b2a1, { little: true, nanoseconds: false, recordHeader: RECORD_HEADER }],
  [0xa1b23c4d, { little: false, nanoseconds: true, recordHeader: RECORD_HEADER }],
  [0x4d3cb2a1, { little: true, nanoseconds: true, recordHeader: RECORD_HEADER }],
  [0xa1b2cd34, { little: false, nanoseconds: false, recordHeader: MODIFIED_RECORD_HEADER }],
  [0x34cdb2a1, { little: true, nanoseconds: false, recordHeader: MODIFIED_RECORD_HEADER }],
]);

/** Are these the first four octets of a pcap file? */
export function isPcapMagic(magic: number): boolean {
  return MAGIC.has(magic);
}

export class PcapParser implements RecordParser {
  need: number = FILE_HEADER;

  readonly #reading: Reading;
  #headerRead = false;
  #little = true;
  #fraction = MICROSECOND;
  #recordHeader = RECORD_HEADER;
  #limit = USUAL_MAX_FRAME;
  #lengthsMaySwap = false;
  #epochKnown = false;
  #epochSeconds = 0;
  #epochNanos = 0;

  constructor(reading: Reading) {
    this.#reading = reading;
  }

  parse(octets: Octets, offset: number): void {
    const before = octets.start;
    if (!this.#headerRead && !this.#readHeader(octets, offset)) return;
    this.#readRecords(octets, offset + (octets.start - before));
  }

  #readHeader(octets: Octets, offset: number): boolean {
    const { view, start } = octets;
    if (octets.end - start < FILE_HEADER) return false;
    const magic = MAGIC.get(view.getUint32(start));
    if (!magic) return this.#fails(offset, 'this is not a pcap header');
    const { little } = magic;
    const major = view.getUint16(start + 4, little);
    const minor = view.getUint16(start + 6, little);
    if (major !== MAJOR_VERSION) return this.#fails(offset, `pcap version ${major}.${minor} is not known; 2.4 is`);
    this.#little = little;
    this.#fraction = magic.nanoseconds ? 1 : MICROSECOND;
    this.#recordHeader = magic.recordHeader;
    this.#lengthsMaySwap = minor < LENGTHS_SETTLED;
    const snapLength = view.getUint32(start + 16, little);
    this.#limit = Math.min(Math.max(snapLength, USUAL_MAX_FRAME), MAX_RECORD);
    const linkType = view.getUint32(start + 20, little) & LINK_TYPE_BITS;
    this.#reading.frame.linkType = linkType;
    this.#reading.describe({ id: 0, name: '', linkType, snapLength });
    this.#headerRead = true;
    this.need = this.#recordHeader;
    octets.start += FILE_HEADER;
    return true;
  }

  #readRecords(octets: Octets, offset: number): void {
    const { view, start, end } = octets;
    const { frame } = this.#reading;
    const little = this.#little;
    const header = this.#recordHeader;
    frame.octets.bytes = octets.bytes;
    frame.octets.view = view;
    let at = start;
    this.need = header;
    while (at + header <= end) {
      let captured = view.getUint32(at + 8, little);
      let wireLength = view.getUint32(at + 12, little);
      if (this.#lengthsMaySwap && captured > wireLength) [captured, wireLength] = [wireLength, captured];
      if (captured > this.#limit) {
        this.#fails(offset + at - start, `a record says that its frame has ${captured} octets`);
        break;
      }
      const next = at + header + captured;
      if (next > end) {
        this.need = header + captured;
        break;
      }
      const seconds = view.getUint32(at, little);
      const nanos = view.getUint32(at + 4, little) * this.#fraction;
      if (!this.#epochKnown) this.#learnEpoch(seconds, nanos);
      // Worked out here: a time that is returned by a call is made an object, once for every frame.
      frame.at = (seconds - this.#epochSeconds) * SECOND + (nanos - this.#epochNanos);
      frame.octets.start = at + header;
      frame.octets.end = next;
      frame.wireLength = wireLength;
      this.#reading.give();
      at = next;
    }
    octets.start = at;
  }

  #learnEpoch(seconds: number, nanos: number): void {
    const epoch = this.#reading.epochFrom(BigInt(seconds) * BigInt(SECOND) + BigInt(nanos));
    this.#epochNanos = Number(epoch % BigInt(SECOND));
    this.#epochSeconds = Number(epoch / BigInt(SECOND));
    this.#epochKnown = true;
  }

  #fails(offset: number, text: string): false {
    this.#reading.damaged(offset, text);
    return false;
  }
}
