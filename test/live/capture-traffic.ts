/** Traffic for the capture program: an nginx before a Node upstream whose bodies are 40 kB, and clients of both kinds. */
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inside } from '../lab/netns.ts';
import { type Program, printed, until } from '../lab/programs/start.ts';
import type { Place } from './capture-program.ts';

const GATEWAY_PORT = 8080;
const UPSTREAM_PORT = 3000;

/** Of every answer. */
const BODY = 40_000;

/** Answers everything with a body, /broken with a header that nginx refuses, /reset with a RST; keeps connections open. */
const UPSTREAM = `
  const server = require('node:http').createServer((request, response) => {
    request.resume();
    if (request.url.startsWith('/broken')) request.socket.end('HTTP/1.1 200 OK\\r\\nX\\0: y\\r\\n\\r\\n');
    else if (request.url.startsWith('/reset')) request.socket.resetAndDestroy();
    else response.end(Buffer.alloc(${BODY}, 'b'));
  });
  server.listen(${UPSTREAM_PORT}, '127.0.0.1', () => console.log('listening'));
`;

/** Asks for every target on its command line, in turn; a target that begins with + on a connection that is kept. */
const CLIENT = `
  const http = require('node:http');
  const kept = new http.Agent({ keepAlive: true, maxSockets: 1 });
  const ask = (target) => new Promise((resolve, reject) => {
    const agent = target.startsWith('+') ? kept : false;
    const options = { host: '127.0.0.1', port: ${GATEWAY_PORT}, path: target.replace('+', ''), agent };
    http.get(options, (response) => response.resume().once('close', resolve)).once('error', reject);
  });
  (async () => { for (const target of process.argv.slice(1)) await ask(target); })().then(() => process.exit(0));
`;

export interface Traffic {
  /** Asks for the targets and returns when all are answered. */
  ask(targets: readonly string[]): Promise<void>;
}

export async function startTraffic({ stage, namespace }: Place): Promise<Traffic> {
  const prefix = join(stage.dir, 'nginx');
  mkdirSync(join(prefix, 'tmp'), { recursive: true });
  writeFileSync(join(prefix, 'nginx.conf'), nginxConf(prefix));
  const upstream = stage.start('upstream', inside(namespace, process.execPath, ['-e', UPSTREAM]), 'stdout');
  await printed(upstream, 'listening');
  const words = ['-p', prefix, '-c', join(prefix, 'nginx.conf'), '-e', join(prefix, 'error.log')];
  const nginx = stage.start('nginx', inside(namespace, 'nginx', words));
  await until('nginx listens', () => listens(namespace), nginx);
  let clients = 0;
  return {
    async ask(targets) {
      const name = `client-${++clients}`;
      const client: Program = stage.start(name, inside(namespace, process.execPath, ['-e', CLIENT, ...targets]));
      const [code] = await once(client.process, 'exit');
      if (code !== 0) throw new Error(`${name} ended with ${code}; see its log`);
    },
  };
}

/** Targets that are answered with a body. */
export function manyTargets(count: number): string[] {
  return Array.from({ length: count }, (_, n) => `/page?many=${n}`);
}

function listens(namespace: string): boolean {
  return execFileSync(...inside(namespace, 'ss', ['-Hltn', `sport = :${GATEWAY_PORT}`])).length > 0;
}

function nginxConf(prefix: string): string {
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
  upstream node { server 127.0.0.1:${UPSTREAM_PORT}; keepalive 4; }
  server {
    listen 127.0.0.1:${GATEWAY_PORT};
    location / { proxy_pass http://node; proxy_http_version 1.1; proxy_set_header Connection ""; }
    location /reset { proxy_pass http://127.0.0.1:${UPSTREAM_PORT}; }
    location /closed/ { proxy_pass http://127.0.0.1:9; }
  }
}
`;
}
