/** HTTP/1.0 and HTTP/1.1 (RFC 9112) as the registry knows it. */
import type { Protocol } from '../protocol.ts';
import { Http1Parser } from './parser.ts';
import { beginsRequest, beginsResponse } from './recognise.ts';

export const http1: Protocol = {
  name: 'http/1',
  client: (octets) => beginsRequest(octets.bytes, octets.start, octets.end),
  server: (octets) => beginsResponse(octets.bytes, octets.start, octets.end),
  open: (dialogue, emit) => new Http1Parser(dialogue, emit),
};
