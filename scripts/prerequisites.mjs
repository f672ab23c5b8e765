/**
 * What live tests need from the operating system, and how a Debian or Ubuntu machine gets it. Plain Node: runs before
 * any package is installed.
 */
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/**
 * @typedef {object} Prerequisite
 * @property {string} name
 * @property {string} why
 * @property {string} aptPackage Debian and Ubuntu name.
 * @property {() => boolean} present
 */

/** Where servers live that are not on an ordinary user's PATH. */
const FOLDERS = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/sbin', '/usr/local/sbin'];

/** @param {RegExp} name */
function command(name) {
  return () =>
    FOLDERS.some(
      (folder) => folder !== '' && existsSync(folder) && readdirSync(folder).some((file) => name.test(file)),
    );
}

/** @param {string} archive of a development package; Debian keeps a folder for each machine. */
function library(archive) {
  return () =>
    readdirSync('/usr/lib').some(
      (folder) => /-linux-gnu/.test(folder) && existsSync(join('/usr/lib', folder, archive)),
    );
}

/** @type {readonly Prerequisite[]} */
export const PREREQUISITES = [
  { name: 'nginx', why: 'the gateway', aptPackage: 'nginx', present: command(/^nginx$/) },
  { name: 'php-fpm', why: 'a FastCGI upstream', aptPackage: 'php-fpm', present: command(/^php-fpm[\d.]*$/) },
  { name: 'uwsgi', why: 'a uwsgi upstream', aptPackage: 'uwsgi-core', present: command(/^uwsgi(-core)?$/) },
  {
    name: 'the Python plugin of uwsgi',
    why: 'applications for it',
    aptPackage: 'uwsgi-plugin-python3',
    present: () => existsSync('/usr/lib/uwsgi/plugins/python3_plugin.so'),
  },
  { name: 'gunicorn', why: 'an upstream with a time limit', aptPackage: 'gunicorn', present: command(/^gunicorn$/) },
  { name: 'openssl', why: 'certificates for TLS upstreams', aptPackage: 'openssl', present: command(/^openssl$/) },
  {
    name: 'tcpdump',
    why: 'captures, and another opinion of them',
    aptPackage: 'tcpdump',
    present: command(/^tcpdump$/),
  },
  {
    name: 'tshark',
    why: 'another opinion of what we write and read',
    aptPackage: 'tshark',
    present: command(/^tshark$/),
  },
  { name: 'nft', why: 'firewalls that reject', aptPackage: 'nftables', present: command(/^nft$/) },
  { name: 'ip', why: 'network namespaces', aptPackage: 'iproute2', present: command(/^ip$/) },
  { name: 'tmux', why: 'a terminal to draw in', aptPackage: 'tmux', present: command(/^tmux$/) },
  { name: 'make', why: 'builds the capture program', aptPackage: 'make', present: command(/^make$/) },
  { name: 'clang', why: 'compiles it, and its filter in the kernel', aptPackage: 'clang', present: command(/^clang$/) },
  {
    name: 'the sanitizers of clang',
    why: 'its tests with every access checked',
    aptPackage: 'libclang-rt-dev',
    present: () => existsSync('/usr/share/doc/libclang-rt-dev'),
  },
  { name: 'bpftool', why: 'packs the filter into it', aptPackage: 'bpftool', present: command(/^bpftool$/) },
  { name: 'libbpf', why: 'loads the filter', aptPackage: 'libbpf-dev', present: library('libbpf.a') },
  { name: 'libelf', why: 'libbpf needs it', aptPackage: 'libelf-dev', present: library('libelf.a') },
  { name: 'zlib', why: 'libelf needs it', aptPackage: 'zlib1g-dev', present: library('libz.a') },
  { name: 'libpcap', why: 'the engines pcap and cap', aptPackage: 'libpcap-dev', present: library('libpcap.a') },
  { name: 'g++', why: 'compiles these', aptPackage: 'g++', present: command(/^g\+\+$/) },
  { name: 'python3', why: 'their build runs in it', aptPackage: 'python3', present: command(/^python3$/) },
];

/** @returns {Prerequisite[]} */
export function missingPrerequisites() {
  return PREREQUISITES.filter((prerequisite) => !prerequisite.present());
}

export function isRoot() {
  return process.getuid?.() === 0;
}

const POLICY = '/usr/sbin/policy-rc.d';

/**
 * Installs Debian packages without starting, enabling or restarting any service. Says what it installs before it does.
 * @param {readonly Prerequisite[]} missing
 * @param {(line: string) => void} say
 * @returns {string | undefined} why it did not work
 */
export function installPrerequisites(missing, say) {
  if (!command(/^apt-get$/)()) return 'this is no Debian or Ubuntu: there is no apt-get';
  say('Installing Debian packages that live tests need (no service is started):');
  for (const { aptPackage, why } of missing) say(`  ${aptPackage.padEnd(22)} ${why}`);

  const before = new Set(services());
  // invoke-rc.d asks this program whether a service may be started; 101 is "no" (Debian policy 9.3.3).
  const ourPolicy = !existsSync(POLICY);
  if (ourPolicy) writeFileSync(POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    const apt = (/** @type {string[]} */ ...args) =>
      spawnSync('apt-get', ['-q', '-y', '-o', 'DPkg::Lock::Timeout=120', ...args], {
        stdio: ['ignore', 2, 2],
        // needrestart, where it is installed, would restart services of the user after an installation.
        env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', NEEDRESTART_SUSPEND: '1', NEEDRESTART_MODE: 'l' },
      }).status === 0;
    if (!apt('update')) say('apt-get update had errors; going on with the package lists that there are.');
    if (!apt('install', '--no-install-recommends', ...missing.map(({ aptPackage }) => aptPackage))) {
      return 'apt-get install failed (its own words are above)';
    }
  } finally {
    if (ourPolicy) rmSync(POLICY, { force: true });
  }
  // Nor shall what came with the packages start at the next boot.
  const fresh = services().filter((service) => !before.has(service));
  if (fresh.length > 0 && existsSync('/run/systemd/system'))
    spawnSync('systemctl', ['disable', ...fresh], { stdio: 'ignore' });
  const still = missing.filter((prerequisite) => !prerequisite.present());
  return still.length === 0 ? undefined : `still missing: ${still.map(({ name }) => name).join(', ')}`;
}

/** Unit files of the servers that PREREQUISITES may bring. */
function services() {
  const folders = ['/lib/systemd/system', '/usr/lib/systemd/system'].filter(readable);
  return folders.flatMap((folder) =>
    readdirSync(folder).filter((file) => /^(nginx|php[\d.]*-fpm|uwsgi.*)[.]service$/.test(file)),
  );
}

/** @param {string} folder */
function readable(folder) {
  try {
    accessSync(join(folder), constants.R_OK);
    return true;
  } catch {
    return false;
  }
}
