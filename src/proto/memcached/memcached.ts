/** memcached's text protocol as a protocol of the registry: how its first octets are recognised. */
import type { Dialogue, Message } from '../../model/message.ts';
import type { Octets } from '../../model/octets.ts';
import { latin1 } from '../latin1.ts';
import type { Parser, Protocol, Recognition } from '../protocol.ts';
import { mayBecomeGet, maybeKey } from './key.ts';
import { MemcachedParser } from './parser.ts';

const LOWER_G = 0x67;

export const memcached: Protocol = {
  name: 'memcached',
  client: recognise,
  // Servers never speak first, and an answer in the middle of a stream could be to any command.
  server: () => 'no',
  open: (dialogue: Dialogue, emit: (message: Message) => void): Parser => new MemcachedParser(dialogue, emit),
};

/** A first line `get KEY`, whole: commands in small letters with one word after them are rare elsewhere. */
function recognise({ bytes, start, end }: Octets): Recognition {
  if (start < end && bytes[start] !== LOWER_G) return 'no';
  const text = latin1(bytes, start, end);
  const lineEnd = text.indexOf('\n');
  if (lineEnd < 0) return mayBecomeGet(text) ? 'more' : 'no';
  return maybeKey(text.slice(0, lineEnd + 1)) === undefined ? 'no' : 'yes';
}
