/** TLS (RFC 8446, 5246) and SSL 3.0 as the registry knows it: recognised by its records. */
import type { Octets } from '../../model/octets.ts';
import type { Protocol, Recognition } from '../protocol.ts';
import { CLIENT_HELLO, SERVER_HELLO } from './client-hello.ts';
import { TlsParser } from './parser.ts';
import { beginsRecord, HANDSHAKE } from './record.ts';

/** Octets that prove it: a record header, and of a handshake in clear its first message's type. */
const PROOF = 6;

export const tls: Protocol = {
  name: 'tls',
  client: (octets) => begins(octets, CLIENT_HELLO),
  server: (octets) => begins(octets, SERVER_HELLO),
  open: (dialogue, emit) => new TlsParser(dialogue, emit),
};

function begins({ bytes, start, end }: Octets, hello: number): Recognition {
  const record = beginsRecord(bytes, start, end);
  if (record !== 'yes' || bytes[start] !== HANDSHAKE) return record;
  if (end - start < PROOF) return 'more';
  return bytes[start + 5] === hello ? 'yes' : 'no';
}
