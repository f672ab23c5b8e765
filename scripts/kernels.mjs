/**
 * `npm run test:kernels`: the capture program on Debian's kernels, each in qemu with an nginx that fails in several ways:
 * what stands in for probes that cannot be had is named, and what is told is right. As root; not a part of `npm test`. With
 * names (`6.1`), these only.
 */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { checkNode, ensureBuilt, ensurePackages, say } from './prepare.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const GUEST = join(ROOT, 'scripts/kernels');
const CAPTURE = join(ROOT, 'native/build/why502-capture');
/** Enough where qemu has to translate every instruction, and the machine has other work. */
const LIMIT_MS = 900_000;
const LARGEST = 1 << 28;
/** Of all releases of Debian. */
const KEYS = '/usr/share/keyrings/debian-archive-keyring.gpg';

/**
 * What is asked for, and what is said of it.
 * @type {Readonly<Record<string, string>>}
 */
const TARGETS = {
  '/connect-refused': 'connect-refused',
  '/retried': 'connect-refused',
  '/close-before-response': 'close-before-response',
  '/upstream-502': 'upstream-502',
  '/connect-denied': 'connect-denied',
  '/of-its-own': 'unknown',
  '/unix-socket-missing': 'unix-socket-missing',
  '/unix-closed': 'close-before-response',
  '/unix-own': 'upstream-502',
  '/inside-tls/refused': 'connect-refused',
  '/inside-tls/of-its-own': 'unknown',
};

/** By which the kernel lists TCP sockets: it loads them when it is asked, but from its own files. */
const MODULES = ['inet_diag', 'tcp_diag'];

/**
 * @typedef {object} Kernel
 * @property {string} name
 * @property {RegExp} aptPackage
 * @property {readonly string[]} instead probes that stand in for those that it does not have
 * @property {readonly string[]} missed those that nothing stands in for
 * @property {readonly string[]} untold targets of which it then tells nothing, nor do packets
 * @property {readonly string[]} [hidden] targets of which not even a 502 is seen
 * @property {string} [release] of Debian, where it is not this machine's
 */

/** @type {readonly Kernel[]} */
const KERNELS = [
  {
    name: '5.10',
    aptPackage: /^linux-image-5\.10\.[\d-]+-cloud-amd64$/,
    release: 'bullseye',
    instead: [],
    missed: [
      ...['attempts', 'receives', 'answers', 'routes', 'routes6', 'unix', 'connects', 'descriptors', 'lines'],
      ...['plaintext', 'drops', 'repeats', 'exits'],
    ],
    hidden: ['/inside-tls/refused', '/inside-tls/of-its-own'],
    untold: ['/connect-denied', '/unix-socket-missing', '/unix-closed', '/unix-own'],
  },
  {
    name: '6.1',
    aptPackage: /^linux-image-6\.1\.[\d-]+-cloud-amd64$/,
    instead: ['copies instead of receives', 'transmits instead of answers', 'calls instead of unix'],
    missed: [],
    untold: [],
  },
  {
    name: '6.12',
    aptPackage: /^linux-image-6\.12\..*-cloud-amd64(-unsigned)?$/,
    instead: ['sends instead of answers'],
    missed: [],
    untold: [],
  },
];

/** @param {string} command @param {readonly string[]} args @param {import('node:child_process').SpawnSyncOptions} options */
function run(command, args, options = {}) {
  const done = spawnSync(command, args, { encoding: 'utf8', maxBuffer: LARGEST, ...options });
  if (done.error) throw done.error;
  return String(done.stdout ?? '');
}

/**
 * What makes apt look at another release of Debian, at the place where this machine has its own from.
 * @param {string} folder @param {string} release @returns {readonly string[]}
 */
function atRelease(folder, release) {
  const known = run('apt-get', ['indextargets', '--format', '$(REPO_URI) $(CODENAME)']).split('\n');
  const own = known.map((line) => line.split(' ')).find(([, codename]) => codename === 'bookworm');
  if (own === undefined) throw new Error('this machine has no packages of bookworm, beside which others would be');
  const [place] = own;
  const apt = join(folder, release);
  for (const each of ['lists/partial', 'cache/archives/partial']) mkdirSync(join(apt, each), { recursive: true });
  writeFileSync(join(apt, 'sources.list'), `deb [signed-by=${KEYS}] ${place} ${release} main\n`);
  const settings = [
    `Dir::Etc::sourcelist=${join(apt, 'sources.list')}`,
    'Dir::Etc::sourceparts=/dev/null',
    `Dir::State::lists=${join(apt, 'lists')}`,
    `Dir::Cache=${join(apt, 'cache')}`,
  ].flatMap((setting) => ['-o', setting]);
  run('apt-get', [...settings, '-q', 'update']);
  return settings;
}

/** @param {string} folder @param {Kernel} kernel @returns {string} its image */
function fetchKernel(folder, { name, aptPackage, release }) {
  const settings = release === undefined ? [] : atRelease(folder, release);
  const names = run('apt-cache', [...settings, 'search', '--names-only', `^linux-image-${name}`]).split('\n');
  const found = names.map((line) => line.split(' ')[0] ?? '').filter((each) => aptPackage.test(each));
  const newest = found.toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true })).at(-1);
  if (newest === undefined)
    throw new Error(`no package ${aptPackage}: bullseye has 5.10, bookworm 6.1, bookworm-backports 6.12`);
  say(`Kernel ${name}: ${newest}`);
  run('apt-get', [...settings, 'download', newest], { cwd: folder });
  const file = readdirSync(folder).find((each) => each.startsWith(`${newest}_`));
  run('dpkg-deb', ['-x', file ?? '', name], { cwd: folder });
  const boot = join(folder, name, 'boot');
  return join(boot, readdirSync(boot).find((each) => each.startsWith('vmlinuz')) ?? '');
}

/** @param {string} folder @param {Kernel} kernel @returns {string} the guest's files, as the kernel takes them */
function makeGuest(folder, { name }) {
  const root = join(folder, `guest-${name}`);
  for (const each of ['bin', 'usr/sbin', 'etc', 'proc', 'sys', 'tmp', 'dev', 'var/log/nginx', 'var/lib/nginx'])
    mkdirSync(join(root, each), { recursive: true });
  /** @param {string} from @param {string} to */
  const take = (from, to) => {
    mkdirSync(dirname(join(root, to)), { recursive: true });
    copyFileSync(from, join(root, to));
    chmodSync(join(root, to), 0o755);
  };
  take(join(GUEST, 'init'), 'init');
  take(join(GUEST, 'nginx.conf'), 'etc/nginx.conf');
  take('/usr/bin/busybox', 'bin/busybox');
  take(CAPTURE, 'usr/sbin/why502-capture');
  take('/usr/sbin/nginx', 'usr/sbin/nginx');
  for (const [library] of run('ldd', ['/usr/sbin/nginx']).matchAll(/\/\S+\.so\S*/g)) take(library, library.slice(1));
  const modules = join(folder, name, 'lib/modules');
  // Of some kernels they are packed.
  for (const packed of run('find', [modules, '-name', '*_diag.ko.xz']).split('\n').filter(Boolean))
    run('xz', ['-d', packed]);
  const found = run('find', [modules, '-name', '*_diag.ko']).split('\n');
  for (const each of MODULES) take(found.find((file) => file.endsWith(`/${each}.ko`)) ?? each, `modules/${each}.ko`);
  const key = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=guest'];
  run('openssl', [...key, '-keyout', join(root, 'etc/key.pem'), '-out', join(root, 'etc/certificate.pem')]);
  writeFileSync(join(root, 'etc/modules'), MODULES.join('\n'));
  writeFileSync(join(root, 'etc/targets'), Object.keys(TARGETS).join('\n'));
  writeFileSync(join(root, 'etc/passwd'), 'root:x:0:0:root:/:/bin/sh\n');
  writeFileSync(join(root, 'etc/group'), 'root:x:0:\n');
  const list = run('find', ['.'], { cwd: root });
  const archive = spawnSync('busybox', ['cpio', '-o', '-H', 'newc'], { cwd: root, input: list, maxBuffer: LARGEST });
  const file = join(folder, `guest-${name}.cpio.gz`);
  writeFileSync(file, gzipSync(archive.stdout, { level: 1 }));
  return file;
}

/** @param {string} folder @param {string} image @param {string} guest @param {Kernel} kernel @returns {string[]} what is wrong */
function test(folder, image, guest, { name, instead, missed, untold, hidden = [] }) {
  // Its clock counts instructions: what other work this machine has meanwhile is no time there, between an act and its packet.
  const clock = ['-icount', 'shift=3,sleep=off', '-rtc', 'clock=vm'];
  const machine = ['-accel', 'tcg', ...clock, '-m', '768', '-nographic', '-no-reboot'];
  // A machine that is slow to emulate looks to the kernel like one whose timer does not work.
  const boot = ['-kernel', image, '-initrd', guest, '-append', 'console=ttyS0 quiet panic=-1 no_timer_check'];
  const guestRun = spawnSync('qemu-system-x86_64', [...machine, ...boot], {
    encoding: 'utf8',
    maxBuffer: LARGEST,
    timeout: LIMIT_MS,
    input: '',
  });
  const said = guestRun.stdout;
  const [, encoded] = /CAPTURE BEGINS\s([\s\S]*)CAPTURE ENDS/.exec(said) ?? [];
  if (encoded === undefined || !said.includes('GUEST ENDS')) return [`the guest said: ${said.slice(-2000)}`];
  const file = join(folder, `${name}.pcapng`);
  writeFileSync(file, Buffer.from(encoded.replace(/\s/g, ''), 'base64'));
  const wrong = [];
  const words = said.slice(said.indexOf('CAPTURE ENDS'));
  const stand = [...words.matchAll(/the probe (\w+ instead of \w+)/g)].map(([, each]) => each).join(', ');
  const without = [...words.matchAll(/without the probe (\w+)/g)].map(([, each]) => each).join(', ');
  if (stand !== instead.join(', ') || without !== missed.join(', '))
    wrong.push(
      `${stand}; without ${without}, expected ${instead.join(', ')}; ${missed.join(', ')}: ${words.slice(0, 2000)}`,
    );
  say(/every system call .*/.exec(words)?.[0] ?? 'No cost of system calls is told');
  const [refusal] = /.*the kernel refuses.*/.exec(said) ?? [];
  if (refusal !== undefined) wrong.push(refusal);
  const lines = run(process.execPath, [join(ROOT, 'dist/cli.js'), 'analyze', file, '--format', 'ndjson']);
  const told = lines.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line)]));
  for (const [target, itsCause] of Object.entries(TARGETS)) {
    const cause = hidden.includes(target) ? '' : untold.includes(target) ? 'unknown' : itsCause;
    const found = told.filter(({ type, request }) => type === 'incident' && request.target === target);
    const verdict = found.map((each) => each.verdict.cause).join(' ');
    if (verdict !== cause) wrong.push(`${target}: ${verdict || 'nothing'}, expected ${cause || 'nothing'}`);
    for (const { link } of found.flatMap(({ attempts }) => attempts))
      if (link !== 'kernel' && !missed.includes('attempts')) wrong.push(`${target}: tied by ${link}`);
  }
  return wrong;
}

checkNode();
ensurePackages();
if (process.getuid?.() !== 0) throw new Error('test:kernels needs root: it installs qemu and downloads kernels');
if (!ensureBuilt()) process.exitCode = 1;
run('make', ['-s', '-C', join(ROOT, 'native')]);
if (!existsSync('/usr/bin/qemu-system-x86_64') || !existsSync('/usr/bin/busybox')) {
  say('Installing qemu-system-x86 and busybox-static');
  run('apt-get', ['-q', '-y', 'install', '--no-install-recommends', 'qemu-system-x86', 'busybox-static']);
}
const folder = mkdtempSync(join(tmpdir(), 'why502-kernels-'));
chmodSync(folder, 0o755);
try {
  const wanted = process.argv.slice(2);
  for (const kernel of KERNELS.filter(({ name }) => wanted.length === 0 || wanted.includes(name))) {
    const image = fetchKernel(folder, kernel);
    const wrong = test(folder, image, makeGuest(folder, kernel), kernel);
    console.log(`Linux ${kernel.name}: ${wrong.length === 0 ? 'as it should be' : wrong.join('\n  ')}`);
    if (wrong.length > 0) process.exitCode = 1;
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
