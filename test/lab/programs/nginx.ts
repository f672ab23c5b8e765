/** The configuration of the two nginx instances, put together from the scenarios. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type PlacedPeer, placesFor } from '../addresses.ts';
import type { RunOptions } from '../options.ts';
import { INNER_PORT, OUTER_PORT } from '../places.ts';
import { pathOf, type Scenario, VIRTUAL_HOSTS } from '../scenario.ts';
import { PHP_SCRIPT_MAP } from './params.ts';

export type Gateway = 'outer' | 'inner';

const SPOKEN = { clear: '', tls: ' ssl', http2: ' ssl http2' } as const;

/** What truth.ts reads back. */
const LOG_FIELDS = [
  'msec',
  'pid',
  'connection',
  'connection_requests',
  'remote_addr',
  'remote_port',
  'server_addr',
  'server_port',
  'host',
  'request_method',
  'request_uri',
  'status',
  'request_time',
  'upstream_addr',
  'upstream_status',
  'upstream_connect_time',
  'upstream_header_time',
  'upstream_response_time',
  'upstream_bytes_sent',
  'upstream_bytes_received',
  'upstream_cache_status',
  'request_id',
] as const;

export type LogField = (typeof LOG_FIELDS)[number];

/** Both logs in one file: within a worker the lines keep their order, so a request's errors stand before its access line. */
export function logFile(dir: string, gateway: Gateway): string {
  return join(dir, gateway, 'nginx.log');
}

/** The processes of an nginx that serve. */
export function workersOf(master: number): readonly number[] {
  const children = readFileSync(`/proc/${master}/task/${master}/children`, 'utf8').split(' ').filter(Boolean);
  return children.filter((id) => readFileSync(`/proc/${id}/cmdline`, 'utf8').startsWith('nginx: worker')).map(Number);
}

/** Writes the instance's nginx.conf and its directories; returns nginx's arguments. */
export function writeNginx(
  dir: string,
  gateway: Gateway,
  scenarios: readonly Scenario[],
  placed: readonly PlacedPeer[],
  { workers, clients }: Pick<RunOptions, 'workers' | 'clients'>,
): readonly string[] {
  const prefix = join(dir, gateway);
  mkdirSync(join(prefix, 'www', 'static'), { recursive: true });
  mkdirSync(join(prefix, 'tmp'), { recursive: true });
  for (const [name, octets] of [
    ['small.txt', 10],
    ['page.html', 3_000],
    ['photo.bin', 40_000],
  ] as const)
    writeFileSync(join(prefix, 'www', 'static', name), 's'.repeat(octets));
  writeFileSync(join(prefix, 'www', 'own-502-page.html'), '<h1>We will be back soon.</h1>\n'.repeat(10));
  const conf = join(prefix, 'nginx.conf');
  writeFileSync(
    conf,
    nginxConf(dir, gateway, scenarios, placed, { workers, clients: gateway === 'outer' ? clients : 'clear' }),
  );
  return ['-p', prefix, '-c', conf, '-e', logFile(dir, gateway)];
}

function nginxConf(
  dir: string,
  gateway: Gateway,
  scenarios: readonly Scenario[],
  placed: readonly PlacedPeer[],
  { workers, clients }: Pick<RunOptions, 'workers' | 'clients'>,
): string {
  const prefix = join(dir, gateway);
  const port = gateway === 'outer' ? OUTER_PORT : INNER_PORT;
  const located = (scenario: Scenario) => (gateway === 'outer' ? scenario.location : scenario.inner);
  const mine = scenarios.filter((scenario) => located(scenario) !== undefined);
  const places = (scenario: Scenario) => placesFor(scenario, placed, dir);
  const servers = VIRTUAL_HOSTS.map((host, index) => {
    const locations = mine
      .filter((scenario) => scenario.hosts?.includes(host) ?? true)
      .map((scenario) =>
        locationOf(gateway, scenario, located(scenario)?.(places(scenario)) ?? '', scenario.server?.(places(scenario))),
      );
    const mark = `${SPOKEN[clients]}${index === 0 ? ' default_server' : ''}`;
    return `
  server {
    listen 127.0.0.1:${port}${mark};
    listen [::1]:${port}${mark};
    server_name ${host};
    root ${prefix}/www;
    location /static/ { }
    location = /end { return 204; }
${locations.join('\n')}
  }`;
  });
  return `daemon off;
user www-data;
worker_processes ${workers};
worker_rlimit_nofile 65536;
pid ${prefix}/nginx.pid;
error_log ${logFile(dir, gateway)} info;
events { worker_connections 8192; }
http {
  log_format lab escape=json '{${LOG_FIELDS.map((field) => `"${field}":"$${field}"`).join(',')}}';
  access_log ${logFile(dir, gateway)} lab;
  client_body_temp_path ${prefix}/tmp/body;
  proxy_temp_path ${prefix}/tmp/proxy;
  fastcgi_temp_path ${prefix}/tmp/fastcgi;
  uwsgi_temp_path ${prefix}/tmp/uwsgi;
  scgi_temp_path ${prefix}/tmp/scgi;
  client_max_body_size 64m;
  ${clients !== 'clear' ? `ssl_certificate ${dir}/tls/server.pem; ssl_certificate_key ${dir}/tls/server.key;` : ''}
  keepalive_requests 1000;
  default_type application/octet-stream;
  ${PHP_SCRIPT_MAP}
${mine.map((scenario) => scenario.http?.(places(scenario)) ?? '').join('\n')}
${servers.join('\n')}
}
`;
}

function locationOf(gateway: Gateway, scenario: Scenario, body: string, more = ''): string {
  const location = `    # ${scenario.name}\n    location ${pathOf(scenario)} {\n      ${body}\n    }`;
  return gateway === 'outer' ? `${location}\n    ${more}` : location;
}
