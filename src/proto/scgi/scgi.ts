/** SCGI as a protocol of the registry: how its first octets are recognised. */
import type { Dialogue, Message } from '../../model/message.ts';
import type { Octets } from '../../model/octets.ts';
import { CgiStreamParser } from '../cgi-stream.ts';
import { latin1 } from '../latin1.ts';
import type { Parser, Protocol, Recognition } from '../protocol.ts';
import { LENGTH_DIGITS, NetstringReader } from './netstring.ts';

/** "The first header must have the name CONTENT_LENGTH" (SCGI specification, 2). */
const FIRST_NAME = 'CONTENT_LENGTH\0';

export const scgi: Protocol = {
  name: 'scgi',
  client: recognise,
  // The answer looks like HTTP or like a CGI head: it proves nothing.
  server: () => 'no',
  open: (dialogue: Dialogue, emit: (message: Message) => void): Parser =>
    new CgiStreamParser(dialogue, emit, new NetstringReader()),
};

function isDigit(octet: number | undefined): boolean {
  return octet !== undefined && octet >= 0x30 && octet <= 0x39;
}

function recognise({ bytes, start, end }: Octets): Recognition {
  if (start < end && !isDigit(bytes[start])) return 'no';
  const text = latin1(bytes, start, Math.min(end, start + LENGTH_DIGITS + 1 + FIRST_NAME.length));
  const colon = text.indexOf(':');
  const digits = colon < 0 ? text : text.slice(0, colon);
  if (digits.length > LENGTH_DIGITS || !/^[0-9]*$/.test(digits)) return 'no';
  if (colon < 0) return 'more';
  const name = text.slice(colon + 1, colon + 1 + FIRST_NAME.length);
  if (digits === '' || !FIRST_NAME.startsWith(name)) return 'no';
  return name.length === FIRST_NAME.length ? 'yes' : 'more';
}
