/** Packets that come one by one, as the pcapng stream that the capture program would write: in large pieces. */
import { interfaceBlock, packetBlock, sectionBlock, statisticsBlock } from '../../pcap/writer.ts';
import type { OpenInterface, PackagePacket } from './packages.ts';

/** Octets that are written at once, at least, unless they have waited. */
const PIECE = 64 * 1024;

export class PackageStream {
  readonly #write: (piece: Uint8Array) => void;
  #blocks: Uint8Array[] = [];
  #octets = 0;

  /** `write` may hold this process up: packets wait with libpcap then, or are dropped and counted by it. */
  constructor(write: (piece: Uint8Array) => void) {
    this.#write = write;
    this.#add(sectionBlock({ application: 'why502' }));
  }

  interfaces(interfaces: readonly OpenInterface[]): void {
    for (const { name, linkType } of interfaces) this.#add(interfaceBlock({ name, linkType }));
  }

  packet(packet: PackagePacket): void {
    this.#add(packetBlock(packet));
    if (this.#octets >= PIECE) this.flush();
  }

  statistics(interfaces: readonly OpenInterface[], at: bigint): void {
    for (const [interfaceId, each] of interfaces.entries()) {
      const dropped = each.dropped();
      if (dropped !== undefined) this.#add(statisticsBlock({ interfaceId, at, ifDrop: BigInt(dropped) }));
    }
  }

  flush(): void {
    if (this.#octets === 0) return;
    const piece = Buffer.concat(this.#blocks, this.#octets);
    this.#blocks = [];
    this.#octets = 0;
    this.#write(piece);
  }

  #add(block: Uint8Array): void {
    this.#blocks.push(block);
    this.#octets += block.length;
  }
}
