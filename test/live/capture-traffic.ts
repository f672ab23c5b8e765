/** Traffic for the capture program: an nginx before a Node upstream whose bodies are 40 kB, and clients of both kinds. */
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inside } from '../lab/netns.ts';
import { FAR_ADDRESS } from '../lab/places.ts';
import { workersOf } from '../lab/programs/nginx.ts';
import { type Program, printed, until } from '../lab/programs/start.ts';
import type { Place } from './capture-program.ts';

const GATEWAY_PORT = 8080;
const UPSTREAM_PORT = 3000;

const FIRST_PORT = 61_000;
/** Attempts that hold all ports: nobody answers them. */
export const HELD = 4;

/**
 * Ports elsewhere that no other run has at the same time: what the kernel tells of segments between network namespaces is told
 * to everybody. One rejects, the other is silent.
 */
export const REJECTING_PORT: number = 10_000 + 2 * (process.pid % 4_000);
export const SILENT_PORT: number = REJECTING_PORT + 1;

/** A client's own ports: below those that the kernel gives. */
const OWN_PORTS = 20_000;

/** Of every answer. */
const BODY = 40_000;

/** Three times what a unix socket takes in one piece: its beginning can be read while the call that sends it is under way. */
const LONG_HEADER = Array.from({ length: 40 }, (_, n) => `proxy_set_header X-Long-${n} ${'x'.repeat(4_000)};`).join(
  ' ',
);

/** How long the answer of /slow takes. */
export const SLOW_MS = 600;

/** What nginx would write into its error log, if it were the process of this number. */
export function loggedLine(process: string): string {
  const request = 'client: 127.0.0.1, server: , request: "GET / HTTP/1.1"';
  return `2026/11/28 04:41:49 [error] ${process}#${process}: *1 connect() failed (111: Connection refused) while connecting to upstream, ${request}`;
}

/**
 * Answers everything with a body, but /held with nothing; /slow takes its time; /broken with a header that nginx refuses, /reset with a RST, /shut with FIN;
 * /claims with a 502 and, before it, a line as nginx would have logged it; keeps connections open.
 */
const UPSTREAM = `
  const server = require('node:http').createServer((request, response) => {
    request.resume();
    if (request.url.startsWith('/held')) return;
    if (request.url.startsWith('/broken')) request.socket.end('HTTP/1.1 200 OK\\r\\nX\\0: y\\r\\n\\r\\n');
    else if (request.url.startsWith('/reset')) request.socket.resetAndDestroy();
    else if (request.url.startsWith('/shut')) request.socket.end();
    else if (request.url.startsWith('/claims')) {
      require('node:fs').writeSync(1, '${loggedLine('PID')}\\n'.replaceAll('PID', process.pid));
      response.writeHead(502).end();
    } else if (request.url.startsWith('/slow')) setTimeout(() => response.end('slow'), ${SLOW_MS});
    else response.end(Buffer.alloc(${BODY}, 'b'));
  });
  server.listen(${UPSTREAM_PORT}, '127.0.0.1', () => console.log('listening'));
`;

/**
 * Asks for every target on its command line, in turn; a target that begins with + on a connection that is kept, those that
 * begin with & all at once, from ports of their own.
 */
const CLIENT = `
  const http = require('node:http');
  const kept = new http.Agent({ keepAlive: true, maxSockets: 1 });
  const ask = (target, localPort) => new Promise((resolve, reject) => {
    const agent = target.startsWith('+') ? kept : false;
    const options = { host: '127.0.0.1', port: ${GATEWAY_PORT}, path: target.replace(/^[+&]/, ''), agent, localPort };
    http.get(options, (response) => response.resume().once('close', resolve)).once('error', reject);
  });
  const targets = process.argv.slice(1);
  const together = targets.filter((target) => target.startsWith('&'));
  (async () => {
    for (const target of targets) if (!target.startsWith('&')) await ask(target);
    await Promise.all(together.map((target, n) => ask(target, ${OWN_PORTS} + n)));
  })().then(() => process.exit(0));
`;

/** At once: so many that each turn of a processor is worth it, where turns are few. */
const CROWD_SIZE = 16;

/** Asks again and again on so many kept connections until it is told to stop; prints how many were answered. */
const CROWD = `
  const http = require('node:http');
  const agent = new http.Agent({ keepAlive: true });
  const ask = () => new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port: ${GATEWAY_PORT}, path: '/page?crowd', agent };
    http.get(options, (response) => response.resume().once('close', resolve)).once('error', reject);
  });
  let answered = 0;
  let over = false;
  process.once('SIGINT', () => { over = true; });
  const one = async () => { while (!over) { await ask(); answered++; } };
  Promise.all(Array.from({ length: ${CROWD_SIZE} }, one)).then(() => { console.log(answered); process.exit(0); });
`;

export interface Traffic {
  /** The error log of nginx. */
  readonly errorLog: string;
  /** The process of nginx that serves. */
  readonly gateway: number;
  /** That of its upstream. */
  readonly upstream: number;
  /** Attempts that wait hold all local ports towards the upstream while `during` goes on. */
  withoutPorts(during: () => Promise<void>): Promise<void>;
  /** Asks for the targets and returns when all are answered. */
  ask(targets: readonly string[]): Promise<void>;
  /** Begins to ask for bodies, without a pause; what it returns ends that, and tells how many were answered. */
  askOnAndOn(): () => Promise<number>;
}

/** @param unixPeer nginx is a peer on a unix socket too: the capture program then looks at system calls by itself */
export async function startTraffic(
  { stage, namespace, far }: Place,
  { unixPeer = false }: { readonly unixPeer?: boolean } = {},
): Promise<Traffic> {
  const prefix = join(stage.dir, 'nginx');
  for (const rule of [`${REJECTING_PORT} reject with tcp reset`, `${SILENT_PORT} drop`])
    execFileSync(...inside(far, 'nft', [`add rule inet lab input tcp dport ${rule}`]));
  mkdirSync(join(prefix, 'tmp'), { recursive: true });
  writeFileSync(join(prefix, 'nginx.conf'), nginxConf(prefix, unixPeer));
  const upstream = stage.start('upstream', inside(namespace, process.execPath, ['-e', UPSTREAM]), 'stdout');
  await printed(upstream, 'listening');
  const errorLog = join(prefix, 'error.log');
  const words = ['-p', prefix, '-c', join(prefix, 'nginx.conf'), '-e', errorLog];
  const nginx = stage.start('nginx', inside(namespace, 'nginx', words));
  await until('nginx listens', () => listens(namespace), nginx);
  let clients = 0;
  async function ask(targets: readonly string[]): Promise<void> {
    const name = `client-${++clients}`;
    const client: Program = stage.start(name, inside(namespace, process.execPath, ['-e', CLIENT, ...targets]));
    const [code] = await once(client.process, 'exit');
    if (code !== 0) throw new Error(`${name} ended with ${code}; see its log`);
  }
  const serving = () => workersOf(nginx.process.pid ?? 0);
  await until('nginx has its worker', () => serving().length === 1, nginx);
  return {
    errorLog,
    gateway: serving()[0] ?? 0,
    upstream: upstream.process.pid ?? 0,
    ask,
    askOnAndOn() {
      const crowd = stage.start('crowd', inside(namespace, process.execPath, ['-e', CROWD]), 'stdout');
      const said: Buffer[] = [];
      crowd.process.stdout?.on('data', (octets: Buffer) => said.push(octets));
      return async () => {
        const ended = once(crowd.process, 'close');
        await crowd.stop('SIGINT');
        await ended;
        return Number(Buffer.concat(said));
      };
    },
    async withoutPorts(during) {
      const setPorts = (range: string): void => {
        execFileSync(...inside(namespace, 'sysctl', ['-qw', `net.ipv4.ip_local_port_range=${range}`]));
      };
      setPorts(`${FIRST_PORT} ${FIRST_PORT + HELD - 1}`);
      const targets = Array.from({ length: HELD }, (_, n) => `&/held?n=${n}`);
      const held = ask(targets);
      await until('no port is left', () => attemptsAt(namespace) === HELD, nginx);
      await during();
      await held;
      setPorts('32768 60999');
    },
  };
}

/** Targets that are answered with a body. */
export function manyTargets(count: number): string[] {
  return Array.from({ length: count }, (_, n) => `/page?many=${n}`);
}

/** Connections to the upstream from its client's side. */
function attemptsAt(namespace: string): number {
  const said = execFileSync(...inside(namespace, 'ss', ['-Htn', 'state', 'established', `dport = :${UPSTREAM_PORT}`]));
  return String(said).split('\n').filter(Boolean).length;
}

function listens(namespace: string): boolean {
  return execFileSync(...inside(namespace, 'ss', ['-Hltn', `sport = :${GATEWAY_PORT}`])).length > 0;
}

function nginxConf(prefix: string, unixPeer: boolean): string {
  return `daemon off;
worker_processes 1;
user root;
pid ${prefix}/nginx.pid;
events { }
http {
  access_log off;
  client_body_temp_path ${prefix}/tmp/body;
  proxy_temp_path ${prefix}/tmp/proxy;
  fastcgi_temp_path ${prefix}/tmp/fastcgi;
  uwsgi_temp_path ${prefix}/tmp/uwsgi;
  scgi_temp_path ${prefix}/tmp/scgi;
  upstream gone { server 127.0.0.1:13; server 127.0.0.1:14; }
  upstream both { server 127.0.0.1:11 max_fails=0; server 127.0.0.1:12 max_fails=0; }
  upstream node { server 127.0.0.1:${UPSTREAM_PORT}; keepalive 4; }
  server {
    listen 127.0.0.1:${GATEWAY_PORT};
    location / { proxy_pass http://node; proxy_http_version 1.1; proxy_set_header Connection ""; }
    location /reset { proxy_pass http://127.0.0.1:${UPSTREAM_PORT}; }
    location /closed/ { proxy_pass http://127.0.0.1:9; }
    location /retried/ { proxy_pass http://both; }
    location /shut { proxy_pass http://127.0.0.1:${UPSTREAM_PORT}; }
    location /absent { root ${prefix}; }
    location /gone/ { proxy_pass http://gone; }
    location /missing/ { proxy_pass http://unix:${prefix}/none.sock; }
    location /hung-up/ { proxy_pass http://unix:${prefix}/peer.sock; }
    location /long/ { proxy_pass http://unix:${prefix}/reader.sock; ${LONG_HEADER} }
    location /prohibited/ { proxy_pass http://10.79.0.1; }
    location /unrouted/ { proxy_pass http://[2001:db8::1]; }
    location /held { proxy_pass http://127.0.0.1:${UPSTREAM_PORT}; proxy_read_timeout 2s; }
    location /crowded { proxy_pass http://127.0.0.1:${UPSTREAM_PORT}; }
    location /silent { proxy_pass http://${FAR_ADDRESS}:${SILENT_PORT}; proxy_connect_timeout 1500ms; }
    location /filtered/ { proxy_pass http://${FAR_ADDRESS}:${REJECTING_PORT}; }
  }
  ${unixPeer ? `server { listen unix:${prefix}/peer.sock; return 444; }` : ''}
}
`;
}
