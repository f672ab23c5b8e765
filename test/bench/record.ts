/**
 * A capture of a real nginx under load: wrk asks for bodies of four sizes through a gateway with HTTP and FastCGI peers,
 * over TCP, kept alive and not; about 2 % of the requests fail. In a network namespace of its own, on its loopback.
 */
import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What a recording needs; `undefined` where all of it is there. */
export function missingForRecording(): string | undefined {
  if (process.getuid?.() !== 0) return 'root';
  const missing = ['wrk', 'nginx', 'php-fpm8.2', 'tcpdump', 'ip'].filter((program) => !isThere(program));
  return missing.length > 0 ? missing.join(', ') : undefined;
}

function isThere(program: string): boolean {
  return spawnSync('sh', ['-c', `command -v ${program}`], { stdio: 'ignore' }).status === 0;
}

const SIZES = [300, 2_000, 12_000, 40_000];

function nginxConf(place: string): string {
  return `worker_processes 2; pid ${place}/nginx.pid; error_log ${place}/error.log error;
events { worker_connections 4096; }
http {
 access_log off;
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
 server { listen 127.0.0.1:9080 backlog=1024; root ${place}; keepalive_requests 10000; }
 server { listen 127.0.0.1:9444; location / { return 444; } }
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

const LOAD = `local n = 0
function request()
  n = n + 1
  local r = math.random(1000)
  local headers = { ["Host"] = "shop.example", ["User-Agent"] = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36",
    ["Accept"] = "text/html,*/*;q=0.8", ["Accept-Encoding"] = "gzip, deflate", ["Cookie"] = "session=0123456789abcdef" }
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

/** Records the first `frames` frames of such a load to `path`. */
export async function record(path: string, frames: number): Promise<void> {
  const place = mkdtempSync(join(tmpdir(), 'why502-load-'));
  const netns = `why502-load-${process.pid}`;
  const inside = (...command: string[]): void => run('ip', 'netns', 'exec', netns, ...command);
  chmodSync(place, 0o755);
  mkdirSync(join(place, 'files'));
  for (const size of SIZES) writeFileSync(join(place, 'files', `${size}.html`), randomBytes(size / 2).toString('hex'));
  const texts = { 'nginx.conf': nginxConf(place), 'app.php': APP, 'fpm.conf': fpmConf(place), 'load.lua': LOAD };
  for (const [name, text] of Object.entries(texts)) writeFileSync(join(place, name), text);
  run('ip', 'netns', 'add', netns);
  try {
    inside('ip', 'link', 'set', 'lo', 'up');
    inside('php-fpm8.2', '-y', join(place, 'fpm.conf'), '-R');
    inside('nginx', '-c', join(place, 'nginx.conf'));
    await capture(netns, path, frames, join(place, 'load.lua'));
  } finally {
    for (const pid of ['nginx.pid', 'fpm.pid']) stop(join(place, pid));
    run('ip', 'netns', 'del', netns);
    rmSync(place, { recursive: true, force: true });
  }
}

/** tcpdump says when it listens and ends by itself; the load goes on until then. */
async function capture(netns: string, path: string, frames: number, load: string): Promise<void> {
  const tcpdump = ['tcpdump', '-i', 'lo', '-s', '0', '-B', '65536', '-Z', 'root', '-c', String(frames), '-w', path];
  const listener = spawn('ip', ['netns', 'exec', netns, ...tcpdump], { stdio: ['ignore', 'ignore', 'pipe'] });
  const over = new Promise((resolve) => listener.once('close', resolve));
  await new Promise((resolve) => listener.stderr?.once('data', resolve));
  const wrk = ['wrk', '-t2', '-c32', '-d600s', '-s', load, 'http://127.0.0.1:8080/'];
  const loader = spawn('ip', ['netns', 'exec', netns, ...wrk], { stdio: 'ignore' });
  await over;
  loader.kill('SIGINT');
  await new Promise((resolve) => loader.once('close', resolve));
}

function stop(pidFile: string): void {
  try {
    process.kill(Number(readFileSync(pidFile, 'utf8')), 'SIGTERM');
  } catch {
    // It never came up.
  }
}

function run(program: string, ...args: string[]): void {
  const { status, stderr } = spawnSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'ignore', 'pipe'] });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${stderr}`);
}
