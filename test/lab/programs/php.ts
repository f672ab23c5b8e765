/** A real php-fpm: its pools and its scripts. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FPM_DISALLOWED_PORT, FPM_KILL_PORT, FPM_PORT, FPM_SLOW_PORT } from '../places.ts';
import { FASTCGI_PARAMS } from './params.ts';

const SCRIPTS: Readonly<Record<string, string>> = {
  ok: "header('Content-Type: application/json'); echo json_encode(['ok' => true, 'target' => $_SERVER['REQUEST_URI']]);",
  large: "header('Content-Type: text/plain'); echo str_repeat('p', 40000);",
  tiny: "echo 'ok';",
  slow: 'sleep(30);',
  kill: 'posix_kill(getmypid(), 9);',
  segfault: 'posix_kill(getmypid(), 11);',
  bigheader: "header('X-Debug: ' . str_repeat('d', 20000)); echo 'ok';",
  silent: 'exit;',
  memory: "ini_set('memory_limit', '4M'); $a = str_repeat('m', 50000000); echo 'never';",
  oom: "ini_set('memory_limit', '-1'); $a = str_repeat('m', 400000000); echo 'never';",
  stop: 'usleep(150000); posix_kill(posix_getppid(), 15); sleep(30);',
  // A master that reloads asks first: that ends one sleep, after which a script would be done, and answered.
  reload: 'usleep(150000); posix_kill(posix_getppid(), 12); while (true) sleep(30);',
  hold: "usleep(2500000); echo 'at last';",
  stderr: "error_log('something is off'); echo 'ok';",
  own502: "http_response_code(502); echo 'my own upstream is gone';",
};

export function phpRoot(dir: string): string {
  return join(dir, 'php');
}
export function phpSocket(dir: string, pool: 'plain' | 'kill'): string {
  return join(dir, 'sock', `fpm-${pool}.sock`);
}

/** Writes the scripts and the configuration; returns its path. */
export function writePhp(dir: string): string {
  mkdirSync(phpRoot(dir), { recursive: true });
  for (const [name, body] of Object.entries(SCRIPTS))
    writeFileSync(join(phpRoot(dir), `${name}.php`), `<?php ${body}\n`);
  const pool = (name: string, listen: string, children: number, more = '') => `[${name}]
user = www-data
group = www-data
listen = ${listen}
listen.owner = www-data
listen.backlog = 1024
pm = static
pm.max_children = ${children}
${more}`;
  const conf = join(dir, 'php-fpm.conf');
  writeFileSync(
    conf,
    `[global]
error_log = ${join(dir, 'php-fpm.log')}
pid = ${join(dir, 'php-fpm.pid')}
daemonize = no
${pool('tcp', `127.0.0.1:${FPM_PORT}`, 6)}
${pool('unix', phpSocket(dir, 'plain'), 4)}
${pool('slow', `127.0.0.1:${FPM_SLOW_PORT}`, 6, 'request_terminate_timeout = 1s')}
${pool('disallowed', `127.0.0.1:${FPM_DISALLOWED_PORT}`, 2, 'listen.allowed_clients = 192.0.2.9')}
${pool('kill', `127.0.0.1:${FPM_KILL_PORT}`, 6)}
${pool('unixkill', phpSocket(dir, 'kill'), 4)}
`,
  );
  return conf;
}

/** The directives of a location whose last segment names the script. */
export function phpPass(dir: string, pool: string): string {
  return `${FASTCGI_PARAMS} fastcgi_param SCRIPT_FILENAME ${phpRoot(dir)}$php_script; fastcgi_pass ${pool};`;
}
