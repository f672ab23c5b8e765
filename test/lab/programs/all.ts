/** Starts every program that the scenarios need, in an order in which each finds what it needs. */
import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { placePeers } from '../addresses.ts';
import { inside } from '../netns.ts';
import type { RunOptions } from '../options.ts';
import {
  FPM_KILL_PORT,
  FPM_PORT,
  FPM_SLOW_PORT,
  INNER_PORT,
  MTLS_12_PORT,
  MTLS_13_PORT,
  OUTER_PORT,
  UWSGI_KILL_PORT,
  UWSGI_PORT,
} from '../places.ts';
import type { Scenario } from '../scenario.ts';
import { SCENARIOS } from '../scenarios/index.ts';
import { makeCertificates } from './certificates.ts';
import { writeNginx } from './nginx.ts';
import { phpSocket, writePhp } from './php.ts';
import { startServices } from './services.ts';
import { accepts, labProgram, type Program, printed, start, until } from './start.ts';
import { uwsgiArguments } from './uwsgi.ts';

export interface AllOptions extends RunOptions {
  readonly farNamespace: string;
  readonly bufferKib: number;
}

/** Pushes every program as soon as it is started, so that the caller can stop them whatever happens. */
export async function startAll(options: AllOptions, scenarios: readonly Scenario[], started: Program[]): Promise<void> {
  const dir = options.out;
  mkdirSync(join(dir, 'sock'));
  // nginx and php-fpm workers are www-data.
  chmodSync(join(dir, 'sock'), 0o777);
  makeCertificates(dir);
  const placed = placePeers(SCENARIOS, dir);
  const add = (program: Program) => {
    started.push(program);
    return program;
  };
  const open = (program: Program, ...ports: readonly number[]) =>
    Promise.all(
      ports.map((port) => until(`port ${port} accepts`, () => accepts({ host: '127.0.0.1', port }), program)),
    );

  const node = process.execPath;
  const local = add(start('peers', dir, node, [...labProgram('peers.ts'), dir, 'local'], 'stdout'));
  const [command, args] = inside(options.farNamespace, node, [...labProgram('peers.ts'), dir, 'far']);
  const far = add(start('far-peers', dir, command, args, 'stdout'));
  const upstream = add(start('node-upstream', dir, node, labProgram('node-upstream.ts'), 'stdout'));
  const crash = add(start('node-crash', dir, node, [...labProgram('node-upstream.ts'), 'crash'], 'stdout'));
  const fpm = add(start('php-fpm', dir, 'php-fpm8.2', ['--fpm-config', writePhp(dir), '--allow-to-run-as-root']));
  const uwsgi = add(start('uwsgi', dir, 'uwsgi', uwsgiArguments(dir, UWSGI_PORT, 3)));
  const uwsgiKill = add(start('uwsgi-kill', dir, 'uwsgi', uwsgiArguments(dir, UWSGI_KILL_PORT, 4)));
  const mtls = [
    add(startMutualTls(dir, MTLS_12_PORT, '-tls1_2')),
    add(startMutualTls(dir, MTLS_13_PORT, '-tls1_3')),
  ] as const;
  await Promise.all([local, far, upstream, crash].map((program) => printed(program, 'ready')));
  await open(fpm, FPM_PORT, FPM_SLOW_PORT, FPM_KILL_PORT);
  for (const pool of ['plain', 'kill'] as const)
    await until(`the ${pool} pool accepts`, () => accepts({ path: phpSocket(dir, pool) }), fpm);
  await startServices(dir, (name) => scenarios.some((scenario) => scenario.name === name), add);
  await open(uwsgi, UWSGI_PORT);
  await open(uwsgiKill, UWSGI_KILL_PORT);
  await open(mtls[0], MTLS_12_PORT);
  await open(mtls[1], MTLS_13_PORT);
  for (const gateway of ['inner', 'outer'] as const) {
    const words = writeNginx(dir, gateway, scenarios, placed, options);
    const nginx = add(start(`nginx-${gateway}`, dir, options.nginx, words));
    await open(nginx, gateway === 'outer' ? OUTER_PORT : INNER_PORT);
  }
}

/** openssl's own server demands the certificate with an alert, which Node's does not. */
function startMutualTls(dir: string, port: number, version: string): Program {
  const tls = (name: string) => join(dir, 'tls', name);
  const files = ['-key', tls('server.key'), '-cert', tls('server.pem'), '-CAfile', tls('ca.pem')];
  const rule = ['-Verify', '1', '-verify_return_error', version, '-quiet', '-www'];
  return start(`mtls${version}`, dir, 'openssl', ['s_server', '-accept', `127.0.0.1:${port}`, ...files, ...rule]);
}
