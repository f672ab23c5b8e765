/** What octets that are no capture look like, in words, and what would make a capture of them. */

interface Look {
  readonly magic: readonly number[];
  /** Where it stands; at the beginning where not given. */
  readonly at?: number;
  readonly what: string;
  readonly remedy: string;
}

const WANTED = 'why502 reads pcap and pcapng, also with gzip: tcpdump -w FILE.';

/** Formats that people hand over by mistake, by their first octets. */
const LOOKS: readonly Look[] = [
  { magic: [0x28, 0xb5, 0x2f, 0xfd], what: 'a zstd file', remedy: 'Unpack it: zstd -dc FILE | why502 analyze -' },
  { magic: [0xfd, 0x37, 0x7a, 0x58, 0x5a], what: 'an xz file', remedy: 'Unpack it: xz -dc FILE | why502 analyze -' },
  { magic: [0x42, 0x5a, 0x68], what: 'a bzip2 file', remedy: 'Unpack it: bzip2 -dc FILE | why502 analyze -' },
  { magic: [0x04, 0x22, 0x4d, 0x18], what: 'an lz4 file', remedy: 'Unpack it: lz4 -dc FILE | why502 analyze -' },
  { magic: [0x50, 0x4b, 0x03, 0x04], what: 'a zip archive', remedy: 'Unpack it: unzip -p FILE | why502 analyze -' },
  {
    magic: [...Buffer.from('ustar')],
    at: 257,
    what: 'a tar archive',
    remedy: 'Unpack it: tar -xf FILE, and name the captures in it',
  },
  { magic: [0x1f, 0x8b], what: 'gzip inside gzip', remedy: 'Unpack it once: gzip -dc FILE | why502 analyze -' },
  { magic: [0x7f, 0x45, 0x4c, 0x46], what: 'a program (ELF)', remedy: WANTED },
  {
    magic: [...Buffer.from('snoop')],
    what: 'a snoop capture',
    remedy: 'Convert it: editcap -F pcapng FILE OUT.pcapng',
  },
  {
    magic: [0x52, 0x54, 0x53, 0x53],
    what: 'a NetMon capture',
    remedy: 'Convert it: editcap -F pcapng FILE OUT.pcapng',
  },
  {
    magic: [0x47, 0x4d, 0x42, 0x55],
    what: 'a NetMon capture',
    remedy: 'Convert it: editcap -F pcapng FILE OUT.pcapng',
  },
];

/** Octets looked at. */
const SAMPLE = 512;

/** In words: "looks like a zip archive"; `remedy` is what to do about it. */
export function looksLike(octets: Uint8Array): { what: string; remedy: string } {
  if (octets.length === 0) return { what: 'the file is empty', remedy: WANTED };
  const look = LOOKS.find(({ magic, at = 0 }) => magic.every((octet, n) => octets[at + n] === octet));
  if (look) return { what: `not a capture: it looks like ${look.what}`, remedy: look.remedy };
  if (isText(octets.subarray(0, SAMPLE))) return { what: 'not a capture: it looks like text', remedy: WANTED };
  return { what: 'not a capture: neither pcap nor pcapng', remedy: WANTED };
}

function isText(octets: Uint8Array): boolean {
  return octets.every(
    (octet) => (octet >= 0x20 && octet !== 0x7f) || (octet >= 0x09 && octet <= 0x0d) || octet === 0x1b,
  );
}
