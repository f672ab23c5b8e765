import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { endpoint } from '../../../src/model/endpoint.ts';
import { listeners, listenersOf, listeningSockets, reachableAt } from '../../../src/sources/machine/listeners.ts';

const HEAD = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode';
const row = (local: string, state: string, inode: number): string =>
  `   0: ${local} 00000000:0000 ${state} 00000000:00000000 00:00000000 00000000     0        0 ${inode} 1 0 100 0 0 10 0`;

let proc = '';
beforeAll(() => {
  proc = mkdtempSync(join(tmpdir(), 'why502-proc-'));
  mkdirSync(join(proc, 'net'));
  writeFileSync(join(proc, 'net/tcp'), [HEAD, row('0100007F:1F90', '0A', 7), row('00000000:0050', '0A', 8)].join('\n'));
  writeFileSync(
    join(proc, 'net/tcp6'),
    [
      HEAD,
      row('00000000000000000000000000000000:01BB', '0A', 9),
      row('B80D0120000000000000000001000000:0051', '0A', 10),
    ].join('\n'),
  );
  for (const [pid, name, inodes] of [
    [200, 'nginx', [8, 9]],
    [30, 'nginx', [8, 9, 555]],
    [31, 'node', [7]],
  ] as const) {
    mkdirSync(join(proc, `${pid}/fd`), { recursive: true });
    writeFileSync(join(proc, `${pid}/comm`), `${name}\n`);
    inodes.forEach((inode, fd) => {
      symlinkSync(`socket:[${inode}]`, join(proc, `${pid}/fd/${fd}`));
    });
    symlinkSync('/dev/null', join(proc, `${pid}/fd/99`));
  }
});
afterAll(() => rmSync(proc, { recursive: true }));

test('every listener is found, by port, with the processes that hold it', () => {
  const found = listeners(proc).map(({ at, processes }) => [
    at.text,
    processes.map(({ pid, name }) => `${name} ${pid}`),
  ]);
  expect(found).toEqual([
    ['0.0.0.0:80', ['nginx 30', 'nginx 200']],
    ['[2001:db8::1]:81', []],
    ['[::]:443', ['nginx 30', 'nginx 200']],
    ['127.0.0.1:8080', ['node 31']],
  ]);
});

test('a process is named by its name or its pid', () => {
  const all = listeners(proc);
  const texts = (process: string) => listenersOf(all, process).map(({ at }) => at.text);
  expect(texts('nginx')).toEqual(['0.0.0.0:80', '[::]:443']);
  expect(texts('31')).toEqual(['127.0.0.1:8080']);
  expect(texts('3')).toEqual([]);
});

test('a process whose main thread has a name of its own is called as what it runs, where that can be seen', () => {
  const named = () => listeners(proc).find(({ at }) => at.port === 8080)?.processes[0]?.name;
  writeFileSync(join(proc, '31/comm'), 'MainThread\n');
  expect(named()).toBe('MainThread');
  symlinkSync('/opt/node/bin/node (deleted)', join(proc, '31/exe'));
  expect(named()).toBe('node');
  rmSync(join(proc, '31/exe'));
  writeFileSync(join(proc, '31/comm'), 'node\n');
});

test('sockets that do not listen, and lines that make no sense, are none', () => {
  expect(listeningSockets([HEAD, row('0100007F:1F90', '01', 7), row('xx:1F90', '0A', 7), ''].join('\n'))).toEqual([]);
});

test('whoever listens everywhere is reached at every address of the machine', () => {
  const addresses = ['127.0.0.1', '10.0.0.5', '::1'];
  const at = (address: string) => reachableAt({ at: endpoint(address, 80), processes: [] }, addresses);
  expect(at('0.0.0.0')).toEqual(['127.0.0.1:80', '10.0.0.5:80']);
  expect(at('::')).toEqual(['127.0.0.1:80', '10.0.0.5:80', '[::1]:80']);
  expect(at('10.0.0.5')).toEqual(['10.0.0.5:80']);
});

test('nothing that can be read is nobody', () => {
  expect(listeners(join(proc, 'nowhere'))).toEqual([]);
});

test('a listener of this process is found in the real /proc', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : 0;
  const found = listenersOf(listeners(), String(process.pid)).map(({ at }) => at.text);
  expect(found).toContain(`127.0.0.1:${port}`);
  server.close();
});
