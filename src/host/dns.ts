/**
 * Reads a DNS message (RFC 1035 4.1) as far as a resolver's fate needs it: id, question, RCODE, address records.
 * Lax: of a message that ends too soon it says what it could read. Never reads outside the octets, never loops: names
 * are at most 255 octets (3.1), and compressed ones (4.1.4) are skipped, not followed.
 */
import type { Octets } from '../model/octets.ts';

export interface DnsMessage {
  readonly id: number;
  readonly answer: boolean;
  readonly rcode: number;
  /** The first question's name, without the last dot, escaped as RFC 1035 5.1 writes it. */
  readonly name: string;
  /** The first question's type. */
  readonly type: number;
  /** Records of type A and AAAA among the answers. */
  readonly addresses: number;
}

const HEADER = 12;
const A = 1;
const AAAA = 28;
const NAME_LIMIT = 255;
const LABEL_LIMIT = 63;
/** Two octets with both upper bits set stand for the rest of a name. */
const POINTER = 0xc0;
/** Answers looked at: more do not fit into the 65,535 octets of a datagram. */
const ANSWER_LIMIT = 6000;
const RECORD_HEADER = 10;

interface Name {
  readonly text: string;
  /** Offset after the name, where it was read. */
  readonly end: number;
}

/** `undefined` where there is no header with one question at least. */
export function readDns(octets: Octets): DnsMessage | undefined {
  const { view, start, end } = octets;
  if (end - start < HEADER) return undefined;
  const flags = view.getUint16(start + 2);
  if (view.getUint16(start + 4) === 0) return undefined;
  const question = readName(octets, start + HEADER);
  if (question === undefined || question.end + 4 > end) return undefined;
  return {
    id: view.getUint16(start),
    answer: (flags & 0x8000) !== 0,
    rcode: flags & 0x0f,
    name: question.text,
    type: view.getUint16(question.end),
    addresses: countAddresses(octets, question.end + 4),
  };
}

function countAddresses(octets: Octets, from: number): number {
  const { view, start, end } = octets;
  // More than one question is asked by nobody; their answers are not worth looking for.
  if (view.getUint16(start + 4) !== 1) return 0;
  const records = Math.min(view.getUint16(start + 6), ANSWER_LIMIT);
  let addresses = 0;
  let at = from;
  for (let n = 0; n < records; n++) {
    at = skipName(octets, at);
    if (at < 0 || at + RECORD_HEADER > end) break;
    const type = view.getUint16(at);
    if (type === A || type === AAAA) addresses++;
    at += RECORD_HEADER + view.getUint16(at + 8);
  }
  return addresses;
}

/** Offset after the name at `from`; -1 where it does not end. */
function skipName({ bytes, end }: Octets, from: number): number {
  for (let at = from; at < end; ) {
    const length = bytes[at] as number;
    if (length === 0) return at + 1;
    if (length >= POINTER) return at + 2;
    if (length > LABEL_LIMIT) return -1;
    at += 1 + length;
  }
  return -1;
}

/** The question's name: there is nothing before it that it could point to, so a pointer is no name here. */
function readName({ bytes, end }: Octets, from: number): Name | undefined {
  const labels: string[] = [];
  for (let at = from; at < end && at - from < NAME_LIMIT; ) {
    const length = bytes[at] as number;
    if (length === 0) return { text: labels.join('.'), end: at + 1 };
    if (length > LABEL_LIMIT || at + 1 + length > end) return undefined;
    labels.push(labelText(bytes, at + 1, at + 1 + length));
    at += 1 + length;
  }
  return undefined;
}

function labelText(bytes: Uint8Array, from: number, to: number): string {
  let text = '';
  for (let at = from; at < to; at++) {
    const octet = bytes[at] as number;
    if (octet === 0x2e || octet === 0x5c) text += `\\${String.fromCharCode(octet)}`;
    else if (octet > 0x20 && octet < 0x7f) text += String.fromCharCode(octet);
    else text += `\\${String(octet).padStart(3, '0')}`;
  }
  return text;
}
