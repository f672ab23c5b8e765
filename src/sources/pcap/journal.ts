/**
 * The systemd Journal Export Format (systemd.io/JOURNAL_EXPORT_FORMATS), one entry: `FIELD=value` lines, or the form for
 * values with line breaks: the name, a line break, a 64-bit little-endian length, the value, a line break.
 */

/** Fields kept of one entry. journald itself takes no more (ENTRY_FIELD_COUNT_MAX). */
export const MAX_FIELDS = 1024;

const LENGTH_OCTETS = 8;

const BEYOND_ASCII = /[\x80-\xff]/;

const lax = new TextDecoder('utf-8');
const strict = new TextDecoder('utf-8', { fatal: true });

/** The fields of `bytes[start..end)`; of several with one name the last. Values that are not text are left out. */
export function readJournal(bytes: Uint8Array, start: number, end: number): Map<string, string> {
  const fields = new Map<string, string>();
  const entry = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start);
  // A character an octet: places in it are places in the entry, and to decode it once is cheaper than field by field.
  const latin1 = entry.toString('latin1');
  const ascii = !BEYOND_ASCII.test(latin1);
  const text = (from: number, to: number): string =>
    ascii ? latin1.slice(from, to) : lax.decode(entry.subarray(from, to));
  const next = (what: string, from: number): number => {
    const found = latin1.indexOf(what, from);
    return found < 0 ? latin1.length : found;
  };
  // Each looked for again once it is passed, so that nothing is gone over twice.
  let newline = -1;
  let equals = -1;
  for (let at = 0; at < latin1.length && fields.size < MAX_FIELDS; ) {
    if (newline < at) newline = next('\n', at);
    if (equals < at) equals = next('=', at);
    if (equals < newline) {
      fields.set(text(at, equals), text(equals + 1, newline));
      at = newline + 1;
    } else if (newline === at || latin1[at] === '\0') {
      at++; // the empty line that ends an entry, or the block's padding
    } else {
      at = readLong(entry, at, newline, fields);
    }
  }
  return fields;
}

/** Reads a field in the long form whose name is `entry[at..newline)`; returns the offset behind it. */
function readLong(entry: Uint8Array, at: number, newline: number, fields: Map<string, string>): number {
  const value = newline + 1 + LENGTH_OCTETS;
  if (value > entry.length) return entry.length;
  const view = new DataView(entry.buffer, entry.byteOffset, entry.length);
  const length = view.getUint32(newline + 1, true) + view.getUint32(newline + 5, true) * 2 ** 32;
  if (length > entry.length - value) return entry.length;
  const text = textOf(entry.subarray(value, value + length));
  if (text !== undefined) fields.set(lax.decode(entry.subarray(at, newline)), text);
  return value + length + 1;
}

function textOf(octets: Uint8Array): string | undefined {
  if (octets.includes(0)) return undefined;
  try {
    return strict.decode(octets);
  } catch {
    return undefined;
  }
}
