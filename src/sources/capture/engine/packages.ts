/** The npm packages that capture where the capture program cannot run: each opened, and what it tells of a packet. */

/** Of a package, as far as it is used here: `pcap` 3.1, `cap` 0.2. */
export interface Pcap {
  createSession(device: string, options: Readonly<Record<string, unknown>>): PcapSession;
}
interface PcapSession {
  readonly link_type: string;
  on(event: 'packet', listener: (packet: { readonly buf: Uint8Array; readonly header: Uint8Array }) => void): unknown;
  stats(): { readonly ps_drop: number };
}
export interface CapPackage {
  readonly Cap: new () => Cap;
}
interface Cap {
  open(device: string, filter: string, bufferSize: number, buffer: Uint8Array): string;
  on(event: 'packet', listener: (octets: number) => void): unknown;
}

export interface PackagePacket {
  readonly interfaceId: number;
  /** Nanoseconds since 1970. */
  readonly at: bigint;
  /** Borrowed: valid during the call only. */
  readonly octets: Uint8Array;
  readonly wireLength: number;
}

export interface OpenInterface {
  readonly name: string;
  readonly linkType: number;
  /** Packets that were dropped since it was opened; `undefined` where the package does not count them. */
  dropped(): number | undefined;
}

export interface PackageWish {
  readonly names: readonly string[];
  /** TCP of these only; empty: of all. */
  readonly ports: readonly number[];
  readonly packet: (packet: PackagePacket) => void;
}

/** Heads of most messages. */
const PCAP_SNAP = 1024;
/** Never immediate mode: the kernel hands over blocks of packets, for a tenth of the processor time. */
const PCAP_TIMEOUT_MS = 20;
const BUFFER_OCTETS = 32 * 1024 * 1024;
/** The package's own snap length. */
const CAP_SNAP = 65_535;
const ETHERNET = 1;

/** LINKTYPE_ values by the names that the packages give them. */
const LINK_TYPES: Readonly<Record<string, number>> = {
  NULL: 0,
  LINKTYPE_NULL: 0,
  ETHERNET,
  LINKTYPE_ETHERNET: ETHERNET,
  RAW: 101,
  LINKTYPE_RAW: 101,
  LINKTYPE_LINUX_SLL: 113,
};

/** Throws what the package does where the machine does not allow it. */
export function openPcap(pcap: Pcap, { names, ports, packet }: PackageWish): OpenInterface[] {
  const options = {
    filter: filterOf(ports),
    snap_length: PCAP_SNAP,
    buffer_timeout: PCAP_TIMEOUT_MS,
    buffer_size: BUFFER_OCTETS,
    promiscuous: false,
  };
  return names.map((name, interfaceId) => {
    const session = pcap.createSession(name, options);
    session.on('packet', ({ buf, header }) => {
      // struct pcap_pkthdr with 32-bit times: seconds, microseconds, captured length, length.
      const view = new DataView(header.buffer, header.byteOffset, header.length);
      const micros = BigInt(view.getUint32(0, true)) * 1_000_000n + BigInt(view.getUint32(4, true));
      const octets = buf.subarray(0, view.getUint32(8, true));
      packet({ interfaceId, at: micros * 1000n, octets, wireLength: view.getUint32(12, true) });
    });
    return { name, linkType: LINK_TYPES[session.link_type] ?? ETHERNET, dropped: () => session.stats().ps_drop };
  });
}

/** @param now nanoseconds since 1970, for packets that bear no time */
export function openCap(cap: CapPackage, { names, ports, packet }: PackageWish, now: () => bigint): OpenInterface[] {
  return names.map((name, interfaceId) => {
    const each = new cap.Cap();
    const buffer = Buffer.alloc(CAP_SNAP);
    const linkType = LINK_TYPES[each.open(name, filterOf(ports), BUFFER_OCTETS, buffer)] ?? ETHERNET;
    each.on('packet', (octets) => {
      packet({ interfaceId, at: now(), octets: buffer.subarray(0, octets), wireLength: octets });
    });
    return { name, linkType, dropped: () => undefined };
  });
}

/** What can matter to a 502, for libpcap. */
export function filterOf(ports: readonly number[]): string {
  const tcp = ports.length === 0 ? 'tcp' : `(${ports.map((port) => `tcp port ${port}`).join(' or ')})`;
  return `${tcp} or icmp or icmp6 or arp or udp port 53`;
}
