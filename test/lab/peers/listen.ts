/** Opens the listeners of scripted peers. */
import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, rmSync } from 'node:fs';
import net, { type Server, type Socket } from 'node:net';
import nodeTls from 'node:tls';
import type { TlsFiles } from '../programs/certificates.ts';
import type { Peer } from './peer.ts';

/** Listens as the peer says; resolves once connections are accepted. A peer that nobody serves needs nothing. */
export async function listen(peer: Peer, address: PeerAddress, files: TlsFiles): Promise<void> {
  if (peer.file === 'stale') return leaveStale(address);
  if (peer.file === 'backlog') return leaveFull(address);
  const serve = peer.serve;
  if (serve === undefined) return;
  let nth = 0;
  const take = (socket: Socket) => {
    // A peer's connection may end in any way; how is the scenario's business and the log's.
    socket.on('error', () => {});
    serve(socket, nth++);
  };
  const server =
    peer.transport === 'tls'
      ? nodeTls.createServer({ key: files.key, cert: files.certificate, ...clientRule(peer, files), ...peer.tls }, take)
      : net.createServer({ pauseOnConnect: true, allowHalfOpen: true, noDelay: true }, take);
  server.on('tlsClientError', () => {});
  await open(server, address);
  if (address.path !== undefined) chmodSync(address.path, peer.file === 'denied' ? 0o600 : 0o666);
}

export interface PeerAddress {
  readonly host?: string;
  readonly port?: number;
  readonly path?: string;
}

function clientRule(peer: Peer, files: TlsFiles) {
  return peer.tls?.clientCertificate === true
    ? { requestCert: true, rejectUnauthorized: true, ca: files.authority }
    : { requestCert: false };
}

function open(server: Server, address: PeerAddress): Promise<void> {
  if (address.path !== undefined) rmSync(address.path, { force: true });
  const where = address.path === undefined ? { host: address.host, port: address.port } : { path: address.path };
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ ...where, backlog: 1024 }, () => resolve());
  });
}

/** A socket file is left behind by a server that is killed, so one is started and killed. */
function leaveStale(address: PeerAddress): Promise<void> {
  const path = address.path ?? '';
  rmSync(path, { force: true });
  const program = `require('net').createServer().listen(process.argv[1], () => process.kill(process.pid, 'SIGKILL'))`;
  return new Promise((resolve) => {
    spawn(process.execPath, ['-e', program, path], { stdio: 'ignore' }).once('exit', () => {
      chmodSync(path, 0o666);
      resolve();
    });
  });
}

/** Children that hold a listener; they must not outlive this process. */
const holders: ChildProcess[] = [];
process.on('SIGTERM', () => {
  for (const holder of holders) holder.kill('SIGKILL');
  process.exit(0);
});

/** A process that listens with the shortest queue and is stopped before it accepts anybody. */
function leaveFull(address: PeerAddress): Promise<void> {
  const path = address.path ?? '';
  rmSync(path, { force: true });
  const program = `require('net').createServer().listen({ path: process.argv[1], backlog: 1 }, () => console.log('ready'))`;
  const holder = spawn(process.execPath, ['-e', program, path], { stdio: ['ignore', 'pipe', 'ignore'] });
  holders.push(holder);
  return new Promise((resolve) => {
    holder.stdout.once('data', () => {
      chmodSync(path, 0o666);
      holder.kill('SIGSTOP');
      resolve();
    });
  });
}
