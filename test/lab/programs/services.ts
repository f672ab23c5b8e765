/** php-fpm services of one pool each, for what befalls a service as a whole: no memory, an order to stop, a full queue. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FPM_FULL_PORT, FPM_OOM_PORT, FPM_STOP_PORT } from '../places.ts';
import { accepts, type Program, start, until } from './start.ts';

const FPM = 'php-fpm8.2';

interface Service {
  readonly name: 'oom' | 'stop' | 'full' | 'full-unix';
  readonly at: (dir: string) => { readonly host: string; readonly port: number } | { readonly path: string };
  readonly children: number;
  readonly backlog: number;
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

export function fullSocket(dir: string): string {
  return join(dir, 'sock', 'fpm-full.sock');
}

const SERVICES: readonly Service[] = [
  { name: 'oom', at: () => tcp(FPM_OOM_PORT), children: 2, backlog: 64, shell: IN_CGROUP },
  { name: 'stop', at: () => tcp(FPM_STOP_PORT), children: 1, backlog: 64, shell: AGAIN },
  { name: 'full', at: () => tcp(FPM_FULL_PORT), children: 1, backlog: 1, shell: PLAIN },
  { name: 'full-unix', at: (dir) => ({ path: fullSocket(dir) }), children: 1, backlog: 1, shell: PLAIN },
];

function tcp(port: number) {
  return { host: '127.0.0.1', port };
}

/** Starts those that a scenario of this run asks for by name. */
export async function startServices(
  dir: string,
  wanted: (name: string) => boolean,
  add: (program: Program) => Program,
): Promise<void> {
  const chosen = SERVICES.filter(({ name }) => wanted(`php-${name}`));
  for (const service of chosen) {
    const at = service.at(dir);
    const conf = join(dir, 'sock', `fpm-${service.name}.conf`);
    writeFileSync(conf, configuration(dir, service));
    const words = ['-c', service.shell, 'bash', FPM, '--fpm-config', conf, '--allow-to-run-as-root'];
    const program = add(start(`fpm-${service.name}`, dir, 'bash', words));
    await until(`the service ${service.name} accepts`, () => accepts(at), program);
  }
}

function configuration(dir: string, { name, at, children, backlog }: Service): string {
  const where = at(dir);
  const file = (extension: string) => join(dir, 'sock', `fpm-${name}.${extension}`);
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
