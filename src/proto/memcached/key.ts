/** The one command that is read: `get KEY` (memcached's doc/protocol.txt). */

/**
 * Octets of a key that are believed. memcached takes 250 and refuses longer ones with an error, which is a cause of 502s
 * of its own: so more are let in, as many as fit into what a protocol is recognised by.
 */
const KEY_LIMIT = 500;

const KEY = new RegExp(`^get ([\\x21-\\x7e\\x80-\\xff]{1,${KEY_LIMIT}})\\r\\n$`);
const KEY_BEGINS = new RegExp(`^get (?:[\\x21-\\x7e\\x80-\\xff]{1,${KEY_LIMIT}}\\r?)?$`);

/** The key of a whole line, its end included. */
export function maybeKey(line: string): string | undefined {
  return KEY.exec(line)?.[1];
}

/** May these octets, which hold no end of line, become such a line? */
export function mayBecomeGet(text: string): boolean {
  return 'get '.startsWith(text) || KEY_BEGINS.test(text);
}
