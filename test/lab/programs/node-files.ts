/** A real Node HTTP server that has file descriptors left for a few connections only, as one with a leak has. */
import { closeSync, openSync } from 'node:fs';
import { createServer } from 'node:http';
import { NODE_FILES_PORT } from '../places.ts';

/** Connections that it can hold, and for how long it holds each. */
const LEFT = 2;
const WORK_MS = 700;

function leak(): number[] {
  const held: number[] = [];
  try {
    for (;;) held.push(openSync('/dev/null', 'r'));
  } catch {
    return held;
  }
}

const server = createServer((_, response) => {
  setTimeout(() => response.end('{"ok":true}'), WORK_MS);
});
server.listen({ port: NODE_FILES_PORT, host: '127.0.0.1' }, () => {
  for (const descriptor of leak().slice(0, LEFT)) closeSync(descriptor);
});
