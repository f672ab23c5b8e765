/** uwsgi as a protocol of the registry: how its first octets are recognised. */
import type { Dialogue, Message } from '../../model/message.ts';
import type { Octets } from '../../model/octets.ts';
import { CgiStreamParser } from '../cgi-stream.ts';
import type { Parser, Protocol, Recognition } from '../protocol.ts';
import { HEADER_LENGTH, VarsReader } from './vars.ts';

/** modifier1 of requests with vars, by plugin: Python, Perl, Lua, Ruby, JVM, CGI, Go, PHP, Mono (uwsgi-docs, Protocol). */
const MODIFIERS: readonly number[] = [0, 5, 6, 7, 8, 9, 11, 14, 15];
/** The first variable's name is one of CGI's or one like them: `HTTPS` to `HTTP_ACCEPT_ENCODING`. */
const SHORTEST_NAME = 4;
const LONGEST_NAME = 64;
const LENGTH_OCTETS = 2;

export const uwsgi: Protocol = {
  name: 'uwsgi',
  client: recognise,
  // The answer looks like HTTP or like a CGI head: it proves nothing.
  server: () => 'no',
  open: (dialogue: Dialogue, emit: (message: Message) => void): Parser =>
    new CgiStreamParser(dialogue, emit, new VarsReader()),
};

/** A known modifier, a size that holds at least the first pair, and a first name in capitals: no random octets have that. */
function recognise({ bytes, view, start, end }: Octets): Recognition {
  const nameAt = start + HEADER_LENGTH + LENGTH_OCTETS;
  if (start === end) return 'more';
  if (!MODIFIERS.includes(bytes[start] as number)) return 'no';
  if (end < nameAt) return 'more';
  const size = view.getUint16(start + 1, true);
  const nameLength = view.getUint16(start + HEADER_LENGTH, true);
  if (nameLength < SHORTEST_NAME || nameLength > LONGEST_NAME) return 'no';
  if (size < LENGTH_OCTETS + nameLength + LENGTH_OCTETS) return 'no';
  for (let at = nameAt; at < nameAt + nameLength; at++) {
    if (at >= end) return 'more';
    if (!isNameOctet(bytes[at] as number, at === nameAt)) return 'no';
  }
  return 'yes';
}

/** A capital letter, and after the first octet a digit or an underscore too. */
function isNameOctet(octet: number, first: boolean): boolean {
  if (octet >= 0x41 && octet <= 0x5a) return true;
  return !first && (octet === 0x5f || (octet >= 0x30 && octet <= 0x39));
}
