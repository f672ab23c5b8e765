/**
 * A real nginx under load: wrk asks it for bodies of four sizes, of HTTP and FastCGI peers, over TCP, kept alive and not;
 * about 2 % of the requests fail. In a network namespace of its own, on its loopback.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { processorTimeOf } from './processor-time.ts';

/** What a load needs; `undefined` where all of it is there. */
export function missingForLoad(): string | undefined {
  if (process.getuid?.() !== 0) return 'root';
  const missing = ['wrk', 'nginx', 'php-fpm8.2', 'tcpdump', 'ip'].filter((program) => !isThere(program));
  return missing.length > 0 ? missing.join(', ') : undefined;
}

function isThere(program: string): boolean {
  return spawnSync('sh', ['-c', `command -v ${program}`], { stdio: 'ignore' }).status === 0;
}

/** Enough that two processors have no time left. */
const CLIENTS = 32;
const THREADS = 2;

const SIZES = [300, 2_000, 12_000, 40_000];

function nginxConf(place: string): string {
  return `worker_processes 2; pid ${place}/nginx.pid; error_log ${place}/error.log error;
events { worker_connections 4096; }
http {
 map $status $failed { 502 1; default 0; }
 log_format target '$request_uri';
 access_log ${place}/502.log target if=$failed;
 upstream pool { server 127.0.0.1:9080; keepalive 16; }
 upstream retried { server 127.0.0.1:9444 max_fails=0; server 127.0.0.1:9080 max_fails=0; }
 server { listen 127.0.0.1:8080; proxy_set_header Host $host; proxy_set_header X-Forwarded-For $remote_addr;
  location /files/ { proxy_pass http://pool; proxy_http_version 1.1; proxy_set_header Connection ""; }
  location /once/ { proxy_pass http://127.0.0.1:9080/files/; }
  location /retried/ { proxy_pass http://retried/files/; }
  location /refused/ { proxy_pass http://127.0.0.1:9999; }
  location /closed/ { proxy_pass http://127.0.0.1:9444; }
  location ~ [.]php { include /etc/nginx/fastcgi_params; fastcgi_param SCRIPT_FILENAME ${place}/app.php; fastcgi_pass 127.0.0.1:9000; }
 }
 server { listen 127.0.0.1:9080 backlog=1024; access_log off; root ${place}; keepalive_requests 10000; }
 server { listen 127.0.0.1:9444; access_log off; location / { return 444; } }
}`;
}

const APP = `<?php if (isset($_GET['die'])) { posix_kill(getmypid(), 9); }
echo str_repeat("a line of text from php\\n", intdiv((int)($_GET['n'] ?? 500), 24));`;

function fpmConf(place: string): string {
  return `[global]
pid = ${place}/fpm.pid
error_log = ${place}/fpm.log
[www]
user = www-data
group = www-data
listen = 127.0.0.1:9000
pm = static
pm.max_children = 6
`;
}

/** `closing` of a thousand requests ask that their connection be closed. */
const loadScript = (closing: number): string => `local n = 0
function request()
  n = n + 1
  local r = math.random(1000)
  local headers = { ["Host"] = "shop.example", ["User-Agent"] = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36",
    ["Accept"] = "text/html,*/*;q=0.8", ["Accept-Encoding"] = "gzip, deflate", ["Cookie"] = "session=0123456789abcdef" }
  if n % 1000 < ${closing} then headers["Connection"] = "close" end
  local path
  if r <= 7 then path = "/refused/x?id=" .. n
  elseif r <= 14 then path = "/closed/x?id=" .. n
  elseif r <= 17 then path = "/app.php?die=1&id=" .. n
  elseif r <= 22 then path = "/retried/2000.html?id=" .. n
  elseif r <= 350 then path = "/files/2000.html?id=" .. n
  elseif r <= 500 then path = "/files/300.html?id=" .. n
  elseif r <= 700 then path = "/files/40000.html?id=" .. n
  elseif r <= 800 then path = "/once/12000.html?id=" .. n
  else path = "/app.php?n=" .. (r * 3) .. "&id=" .. n end
  return wrk.format("GET", path, headers)
end
`;

export interface Load {
  /** A command that runs inside its namespace. */
  inside(...command: readonly string[]): [string, string[]];
  /** Asks for so many seconds, or until it is told to stop, so many requests at once. */
  ask(seconds: number, clients?: number): ChildProcess;
  /** Nanoseconds of processor time so far, of all that runs inside it. */
  used(): number;
  /** Targets that nginx answered with a 502 so far. */
  failed(): string[];
  stop(): void;
}

let loads = 0;

/** nginx and its peers, ready to be asked. */
export function startLoad({ closing }: { readonly closing: number }): Load {
  const place = mkdtempSync(join(tmpdir(), 'why502-load-'));
  const netns = `why502-load-${process.pid}-${++loads}`;
  const time = processorTimeOf(netns);
  const inside: Load['inside'] = (...command) => time.within('ip', ['netns', 'exec', netns, ...command]);
  chmodSync(place, 0o755);
  mkdirSync(join(place, 'files'));
  for (const size of SIZES) writeFileSync(join(place, 'files', `${size}.html`), randomBytes(size / 2).toString('hex'));
  const texts = { 'nginx.conf': nginxConf(place), 'app.php': APP, 'fpm.conf': fpmConf(place) };
  for (const [name, text] of Object.entries({ ...texts, 'load.lua': loadScript(closing) })) {
    writeFileSync(join(place, name), text);
  }
  const stop = (): void => {
    for (const pid of ['nginx.pid', 'fpm.pid']) end(join(place, pid));
    spawnSync('ip', ['netns', 'del', netns]);
    rmSync(place, { recursive: true, force: true });
    // Its processes are told to end, and take a moment.
    process.once('exit', time.remove);
  };
  try {
    run('ip', ['netns', 'add', netns]);
    run(...inside('ip', 'link', 'set', 'lo', 'up'));
    run(...inside('php-fpm8.2', '-y', join(place, 'fpm.conf'), '-R'));
    run(...inside('nginx', '-c', join(place, 'nginx.conf')));
  } catch (error) {
    stop();
    throw error;
  }
  const url = 'http://127.0.0.1:8080/';
  return {
    inside,
    ask: (seconds, clients = CLIENTS) => {
      const threads = Math.min(clients, THREADS);
      const wrk = inside('wrk', `-t${threads}`, `-c${clients}`, `-d${seconds}s`, '-s', join(place, 'load.lua'), url);
      return spawn(...wrk, { stdio: ['ignore', 'pipe', 'ignore'] });
    },
    used: time.used,
    failed: () => readFileSync(join(place, '502.log'), 'utf8').split('\n').slice(0, -1),
    stop,
  };
}

function end(pidFile: string): void {
  try {
    process.kill(Number(readFileSync(pidFile, 'utf8')), 'SIGTERM');
  } catch {
    // It never came up.
  }
}

function run(program: string, args: readonly string[]): void {
  const { status, stderr } = spawnSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'ignore', 'pipe'] });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${stderr}`);
}
