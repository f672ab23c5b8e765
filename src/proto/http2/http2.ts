/** HTTP/2 in clear (RFC 9113) as the registry knows it. */
import type { Protocol } from '../protocol.ts';
import { Http2Parser } from './parser.ts';
import { beginsClient, beginsServer } from './preface.ts';

export const http2: Protocol = {
  name: 'http/2',
  client: beginsClient,
  server: beginsServer,
  open: (dialogue, emit) => new Http2Parser(dialogue, emit),
};
