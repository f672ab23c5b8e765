/** Where a request ends, per protocol that the gateway speaks to its peers. */
import type { Framing } from './peer.ts';

/** RFC 9112: the head, then Content-Length octets (the gateway never sends chunks upstream unless told to). */
export const http: Framing = (octets) => {
  const end = octets.indexOf('\r\n\r\n');
  if (end < 0) return 0;
  const head = octets.toString('latin1', 0, end);
  const length = /^content-length: *(\d+)/im.exec(head)?.[1];
  const total = end + 4 + Number(length ?? 0);
  return octets.length >= total ? total : 0;
};

/** The head alone: the body, if any, is left to come. */
export const httpHead: Framing = (octets) => {
  const end = octets.indexOf('\r\n\r\n');
  return end < 0 ? 0 : end + 4;
};

/** FastCGI 1.0: records up to the empty STDIN. */
export const fastcgi: Framing = (octets) => {
  for (let at = 0; at + 8 <= octets.length; ) {
    const length = octets.readUInt16BE(at + 4);
    const next = at + 8 + length + octets.readUInt8(at + 6);
    if (next > octets.length) return 0;
    if (octets.readUInt8(at + 1) === 5 && length === 0) return next;
    at = next;
  }
  return 0;
};

/** uwsgi: four octets and the variables; CONTENT_LENGTH octets of body follow. */
export const uwsgi: Framing = (octets) => {
  if (octets.length < 4) return 0;
  const end = 4 + octets.readUInt16LE(1);
  if (octets.length < end) return 0;
  const vars = octets.toString('latin1', 4, end);
  const at = vars.indexOf('CONTENT_LENGTH');
  let body = 0;
  if (at >= 0) {
    const size = octets.readUInt16LE(4 + at + 14);
    body = Number(vars.slice(at + 16, at + 16 + size)) || 0;
  }
  return octets.length >= end + body ? end + body : 0;
};

/** SCGI: a netstring whose first value is the length of the body. */
export const scgi: Framing = (octets) => {
  const colon = octets.indexOf(':');
  if (colon < 0) return 0;
  const size = Number(octets.toString('latin1', 0, colon));
  const end = colon + 1 + size + 1;
  if (octets.length < end) return 0;
  const length = /CONTENT_LENGTH\0(\d+)\0/.exec(octets.toString('latin1', colon + 1, end))?.[1];
  const total = end + Number(length ?? 0);
  return octets.length >= total ? total : 0;
};

/** HTTP/2: the preface, then frames up to one with END_STREAM. */
export const h2: Framing = (octets) => {
  const preface = octets.toString('latin1', 0, 3) === 'PRI' ? 24 : 0;
  for (let at = preface; at + 9 <= octets.length; ) {
    const length = octets.readUIntBE(at, 3);
    const type = octets.readUInt8(at + 3);
    const flags = octets.readUInt8(at + 4);
    const next = at + 9 + length;
    if (next > octets.length) return 0;
    if ((type === 0 || type === 1) && (flags & 1) === 1) return next;
    at = next;
  }
  return 0;
};

/** Whatever comes first. */
export const anything: Framing = (octets) => octets.length;
/** One text line (memcached). */
export const line: Framing = (octets) => octets.indexOf('\n') + 1;
