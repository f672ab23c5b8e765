/** The reader of what we write has gone: no failure, there is only nobody left to tell. */

/** EPIPE; of a socket whose reader left octets unread also ECONNRESET (unix(7)): what spawns us may give us one. */
export function isReaderGone(error: unknown): boolean {
  const { code } = error as { readonly code?: unknown };
  return code === 'EPIPE' || code === 'ECONNRESET';
}
