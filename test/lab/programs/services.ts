/** Services of their own, for what befalls one as a whole: no memory, an order to stop or to begin anew, a full queue, a time limit. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  FPM_FULL_PORT,
  FPM_OOM_PORT,
  FPM_RELOAD_PORT,
  FPM_STOP_PORT,
  GUNICORN_PORT,
  NODE_FILES_PORT,
} from '../places.ts';
import { accepts, labProgram, type Program, start, until } from './start.ts';
import { writeWsgi } from './uwsgi.ts';

const FPM = 'php-fpm8.2';

type Address = { readonly host: string; readonly port: number } | { readonly path: string };

interface Service {
  /** That of its scenario. */
  readonly name: string;
  readonly at: (dir: string) => Address;
  /** Its command; writes what that reads. */
  readonly command: (dir: string, service: Service) => readonly [string, ...string[]];
  /** A shell's words around the command `"$@"`; it ends it when it is told to. */
  readonly shell: string;
}

const CHILD = 'trap "kill $! 2>/dev/null; exit" TERM';

/** The service is alone in a memory cgroup, of either version. */
const IN_CGROUP = `
d=/sys/fs/cgroup/memory/w502-$$ limit=memory.limit_in_bytes
[ -d /sys/fs/cgroup/memory ] || { d=/sys/fs/cgroup/w502-$$; limit=memory.max; }
mkdir "$d" && echo 120M > "$d/$limit" || exit 1
(echo 0 > "$d/cgroup.procs"; exec "$@") & child=$!
trap 'kill $child' TERM
wait $child; wait $child
rmdir "$d"
`;

/** Somebody starts it again whenever it ends. As www-data, so that its own worker may tell it to stop. */
const AGAIN = `
while :; do setpriv --reuid www-data --regid www-data --clear-groups "$@" & ${CHILD}; wait; done
`;

const PLAIN = 'exec "$@"';

/** As many file descriptors as a program needs to begin, and some more. */
const FEW_FILES = 'ulimit -n 256; exec "$@"';

export function fullSocket(dir: string): string {
  return join(dir, 'sock', 'fpm-full.sock');
}

/** A php-fpm of one pool. */
const fpm =
  (children: number, backlog: number): Service['command'] =>
  (dir, service) => {
    const conf = join(dir, 'sock', `${service.name}.conf`);
    writeFileSync(conf, configuration(dir, service, children, backlog));
    return [FPM, '--fpm-config', conf, '--allow-to-run-as-root'];
  };

/** Its master aborts a worker that says nothing for a second. */
const gunicorn: Service['command'] = (dir) => {
  writeWsgi(dir);
  const words = ['--workers', '4', '--timeout', '1', '--bind', `127.0.0.1:${GUNICORN_PORT}`, '--chdir', dir];
  return ['gunicorn', ...words, 'app:application'];
};

const nodeFiles: Service['command'] = () => [process.execPath, ...labProgram('node-files.ts')];

const SERVICES: readonly Service[] = [
  { name: 'php-oom', at: () => tcp(FPM_OOM_PORT), command: fpm(2, 64), shell: IN_CGROUP },
  { name: 'php-stop', at: () => tcp(FPM_STOP_PORT), command: fpm(1, 64), shell: AGAIN },
  { name: 'php-reload', at: () => tcp(FPM_RELOAD_PORT), command: fpm(1, 64), shell: AGAIN },
  { name: 'php-full', at: () => tcp(FPM_FULL_PORT), command: fpm(1, 1), shell: PLAIN },
  { name: 'php-full-unix', at: (dir) => ({ path: fullSocket(dir) }), command: fpm(1, 1), shell: PLAIN },
  { name: 'gunicorn-timeout', at: () => tcp(GUNICORN_PORT), command: gunicorn, shell: PLAIN },
  { name: 'node-files', at: () => tcp(NODE_FILES_PORT), command: nodeFiles, shell: FEW_FILES },
];

function tcp(port: number): Address {
  return { host: '127.0.0.1', port };
}

/** Starts those that a scenario of this run asks for by name. */
export async function startServices(
  dir: string,
  wanted: (name: string) => boolean,
  add: (program: Program) => Program,
): Promise<void> {
  for (const service of SERVICES.filter(({ name }) => wanted(name))) {
    const words = ['-c', service.shell, 'bash', ...service.command(dir, service)];
    const program = add(start(service.name, dir, 'bash', words));
    await until(`the service ${service.name} accepts`, () => accepts(service.at(dir)), program);
  }
}

function configuration(dir: string, { name, at }: Service, children: number, backlog: number): string {
  const where = at(dir);
  const file = (extension: string) => join(dir, 'sock', `${name}.${extension}`);
  return `[global]
error_log = ${file('log')}
pid = ${file('pid')}
daemonize = no
[${name}]
user = www-data
group = www-data
listen = ${'path' in where ? where.path : `${where.host}:${where.port}`}
listen.owner = www-data
listen.backlog = ${backlog}
pm = static
pm.max_children = ${children}
`;
}
