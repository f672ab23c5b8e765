/** Who listens on TCP here: /proc/net/tcp and tcp6, and the processes that hold those sockets (proc(5)). */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import { addressText, type Endpoint, endpoint } from '../../model/endpoint.ts';
import type { AddressWords } from '../../model/segment.ts';

export interface Listener {
  readonly at: Endpoint;
  /** The processes that hold it, lowest pid first; empty where they are not ours to see. */
  readonly processes: readonly ProcessName[];
}

export interface ProcessName {
  readonly pid: number;
  /** The command, cut to 15 letters by the kernel; unsafe to print as it is. */
  readonly name: string;
}

/** Processes looked at: more than a server runs, and nobody keeps us here. */
const PROCESS_LIMIT = 20_000;

/** TCP_LISTEN of include/net/tcp_states.h. */
const LISTENING = '0A';

/** Every listener of this network namespace, by port. */
export function listeners(proc = '/proc'): Listener[] {
  const sockets = ['net/tcp', 'net/tcp6'].flatMap((file) => listeningSockets(textOf(join(proc, file))));
  if (sockets.length === 0) return [];
  const holders = holdersOf(new Set(sockets.map(({ inode }) => inode)), proc);
  const found = sockets.map(({ at, inode }) => ({ at, processes: holders.get(inode) ?? [] }));
  return found.toSorted((a, b) => a.at.port - b.at.port || (a.at.text < b.at.text ? -1 : 1));
}

/** Of a process by its pid, or of all processes of that name. */
export function listenersOf(all: readonly Listener[], process: string): Listener[] {
  return all.filter(({ processes }) => processes.some(({ pid, name }) => name === process || String(pid) === process));
}

/** The addresses under which clients reach it: those of the machine's interfaces, where it listens on every one. */
export function reachableAt({ at }: Listener, addresses: readonly string[]): string[] {
  if (at.address !== '0.0.0.0' && at.address !== '::') return [at.text];
  // A wildcard of IPv6 takes IPv4 too, unless it was told not to (ipv6(7)), which /proc does not say.
  const of = at.address === '::' ? addresses : addresses.filter((address) => !address.includes(':'));
  return of.map((address) => endpoint(address, at.port).text);
}

interface ListeningSocket {
  readonly at: Endpoint;
  readonly inode: string;
}

/** Of the text of /proc/net/tcp or tcp6. */
export function listeningSockets(text: string): ListeningSocket[] {
  return text.split('\n').flatMap((line) => {
    const [, local = '', , state, , , , , , inode] = line.trim().split(/\s+/);
    const [address = '', port = ''] = local.split(':');
    if (state !== LISTENING || inode === undefined || !/^(?:[0-9A-F]{8}|[0-9A-F]{32})$/.test(address)) return [];
    return [{ at: endpoint(addressText(addressWords(address)), Number.parseInt(port, 16)), inode }];
  });
}

/** Words of 32 bits, each written by a processor that is little-endian: this one. */
function addressWords(hex: string): AddressWords {
  const words = (hex.match(/.{8}/g) ?? []).map((word) => Buffer.from(word, 'hex').readUInt32LE());
  const [w0 = 0, w1 = 0, w2 = 0, w3 = 0] = words.length === 1 ? [0, 0, 0xffff, words[0]] : words;
  return { w0, w1, w2, w3 };
}

function holdersOf(inodes: ReadonlySet<string>, proc: string): Map<string, ProcessName[]> {
  const holders = new Map<string, ProcessName[]>();
  const pids = namesIn(proc).filter((name) => /^\d+$/.test(name));
  for (const pid of pids
    .map(Number)
    .toSorted((a, b) => a - b)
    .slice(0, PROCESS_LIMIT)) {
    const held = new Set(socketsOf(join(proc, String(pid), 'fd')).filter((inode) => inodes.has(inode)));
    if (held.size === 0) continue;
    const name = nameOf(join(proc, String(pid)));
    for (const inode of held) {
      const known = holders.get(inode);
      if (known) known.push({ pid, name });
      else holders.set(inode, [{ pid, name }]);
    }
  }
  return holders;
}

/** Node calls its main thread so since version 24: what the process runs says more. The capture program does the same. */
const MAIN_THREAD = 'MainThread';
/** As much of a name as the kernel keeps. */
const NAME_LETTERS = 15;

function nameOf(process: string): string {
  const command = textOf(join(process, 'comm')).trimEnd();
  if (command !== MAIN_THREAD) return command;
  const executable = basename(linkOf(join(process, 'exe'))).replace(/ \(deleted\)$/, '');
  return executable.slice(0, NAME_LETTERS) || command;
}

function socketsOf(folder: string): string[] {
  return namesIn(folder).flatMap((fd) => {
    const [, inode] = /^socket:\[(\d+)\]$/.exec(linkOf(join(folder, fd))) ?? [];
    return inode === undefined ? [] : [inode];
  });
}

/** Processes come and go while they are looked at, and some are not ours: what cannot be read is empty. */
function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
