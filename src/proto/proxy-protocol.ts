/**
 * The PROXY protocol, versions 1 and 2 (haproxy, doc/proxy-protocol.txt): a load balancer tells the true client's address
 * in front of everything else.
 */
import { addressText, type Endpoint, endpoint } from '../model/endpoint.ts';
import { latin1 } from './latin1.ts';

/** Version 1 is one line of at most 107 octets (section 2.1). */
const V1_LIMIT = 107;
const V1 = 'PROXY ';
const V2 = '\r\n\r\n\0\r\nQUIT\n';
const V2_HEADER = 16;
const LF = 0x0a;

export interface ProxyHeader {
  /** Octets of the whole header; with version 2 more than are needed to read it. */
  readonly length: number;
  /** The client as the balancer saw it; `undefined` for LOCAL, UNKNOWN and families without addresses. */
  readonly source: Endpoint | undefined;
}

export function proxyHeader(bytes: Uint8Array, from: number, to: number): ProxyHeader | 'no' | 'more' {
  const first = startsWith(bytes, from, to, V1);
  if (first === 'yes') return version1(bytes, from, to);
  const second = startsWith(bytes, from, to, V2);
  if (second === 'yes') return version2(bytes, from, to);
  return first === 'more' || second === 'more' ? 'more' : 'no';
}

function startsWith(bytes: Uint8Array, from: number, to: number, text: string): 'yes' | 'no' | 'more' {
  for (let i = 0; i < text.length; i++) {
    if (from + i >= to) return 'more';
    if (bytes[from + i] !== text.charCodeAt(i)) return 'no';
  }
  return 'yes';
}

/** `PROXY TCP4 source destination port port`, or `PROXY UNKNOWN` and anything. */
function version1(bytes: Uint8Array, from: number, to: number): ProxyHeader | 'no' | 'more' {
  const limit = Math.min(to, from + V1_LIMIT);
  let end = from;
  while (end < limit && bytes[end] !== LF) end++;
  if (end === limit) return to - from < V1_LIMIT ? 'more' : 'no';
  const length = end + 1 - from;
  const words = latin1(bytes, from, end).trim().split(' ');
  if (words[1] === 'UNKNOWN') return { length, source: undefined };
  const [, family, source, , port] = words;
  if ((family !== 'TCP4' && family !== 'TCP6') || words.length !== 6) return 'no';
  if (!/^[0-9a-fA-F.:]+$/.test(source ?? '') || !/^[0-9]{1,5}$/.test(port ?? '')) return 'no';
  return { length, source: endpoint(source as string, Number(port)) };
}

const PROXY_COMMAND = 0x21;
const AF_INET = 1;
const AF_INET6 = 2;
/** An IPv4 address is written as IPv4-mapped words (model/segment.ts). */
const MAPPED = 0xffff;

function version2(bytes: Uint8Array, from: number, to: number): ProxyHeader | 'no' | 'more' {
  if (to - from < V2_HEADER) return 'more';
  const command = bytes[from + 12] as number;
  if (command >> 4 !== 2) return 'no';
  const family = (bytes[from + 13] as number) >> 4;
  const addresses = ((bytes[from + 14] as number) << 8) | (bytes[from + 15] as number);
  const length = V2_HEADER + addresses;
  const owed = family === AF_INET ? 12 : family === AF_INET6 ? 36 : 0;
  if (command !== PROXY_COMMAND || owed === 0 || addresses < owed) return { length, source: undefined };
  if (to - from < V2_HEADER + owed) return 'more';
  const at = from + V2_HEADER;
  const words =
    family === AF_INET
      ? { w0: 0, w1: 0, w2: MAPPED, w3: word(bytes, at) }
      : { w0: word(bytes, at), w1: word(bytes, at + 4), w2: word(bytes, at + 8), w3: word(bytes, at + 12) };
  const port = at + (family === AF_INET ? 8 : 32);
  return { length, source: endpoint(addressText(words), ((bytes[port] as number) << 8) | (bytes[port + 1] as number)) };
}

function word(bytes: Uint8Array, at: number): number {
  return (
    (((bytes[at] as number) << 24) |
      ((bytes[at + 1] as number) << 16) |
      ((bytes[at + 2] as number) << 8) |
      (bytes[at + 3] as number)) >>>
    0
  );
}
