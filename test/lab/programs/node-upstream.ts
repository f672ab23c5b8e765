/** A real Node HTTP server as an upstream; with `crash` a cluster whose workers exit when asked for /exit. */
import cluster from 'node:cluster';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { NODE_CRASH_PORT, NODE_HASTY_PORT, NODE_PORT } from '../places.ts';

const crash = process.argv[2] === 'crash';
const WORKERS = 3;

function serve(request: IncomingMessage, response: ServerResponse): void {
  const target = request.url ?? '/';
  if (target.includes('/exit')) {
    // As an uncaught exception does it: the kernel closes every connection of the worker.
    request.resume().on('end', () => process.exit(1));
    return;
  }
  if (target.includes('/early')) {
    response.writeHead(413, { connection: 'close' }).end('{"error":"too large"}');
    return;
  }
  request.resume().on('end', () => {
    if (target.includes('/broken')) {
      response.writeHead(502, { 'content-type': 'application/json' }).end('{"error":"bad gateway, says the app"}');
      return;
    }
    if (target.includes('/large')) {
      response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(Buffer.alloc(40_000, 'n'));
      return;
    }
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ ok: true, target }));
  });
}

/** Both limits are shorter than nginx's own, as the default of 5 s is, scaled down to the lab's run time. */
const IDLE_MS = 400;
const HASTY_IDLE_MS = 4;

/** One answer in so many is followed by some work: connections that are due meanwhile are ended after it, whatever came. */
const WORK_AFTER = 8;
let served = 0;

function serveBusily(request: IncomingMessage, response: ServerResponse): void {
  serve(request, response);
  if (++served % WORK_AFTER !== 0) return;
  response.once('finish', () => {
    setImmediate(() => {
      const until = performance.now() + 2 * HASTY_IDLE_MS;
      while (performance.now() < until);
    });
  });
}

function listen(port: number, idleMs: number, then: () => void): void {
  const server = createServer(idleMs === HASTY_IDLE_MS ? serveBusily : serve);
  server.keepAliveTimeout = idleMs;
  // Node waits a second longer than it says; since 24.6 it can be told not to.
  if (idleMs === HASTY_IDLE_MS && 'keepAliveTimeoutBuffer' in server) server.keepAliveTimeoutBuffer = 0;
  else if (idleMs === HASTY_IDLE_MS) server.keepAliveTimeout -= 1000;
  server.listen({ port, host: '127.0.0.1', backlog: 1024 }, then);
}

// The workers accept for themselves: a connection handed to a dying worker by the primary would be lost for good.
cluster.schedulingPolicy = cluster.SCHED_NONE;

if (crash && cluster.isPrimary) {
  let listening = 0;
  cluster.on('listening', () => {
    listening += 1;
    if (listening === WORKERS) process.stdout.write('ready\n');
  });
  cluster.on('exit', () => {
    if (!stopping) cluster.fork();
  });
  let stopping = false;
  process.on('SIGTERM', () => {
    stopping = true;
    for (const worker of Object.values(cluster.workers ?? {})) worker?.process.kill('SIGTERM');
    process.exit(0);
  });
  for (let n = 0; n < WORKERS; n++) cluster.fork();
} else if (crash) listen(NODE_CRASH_PORT, IDLE_MS, () => {});
else {
  listen(NODE_PORT, IDLE_MS, () => {
    listen(NODE_HASTY_PORT, HASTY_IDLE_MS, () => process.stdout.write('ready\n'));
  });
}
