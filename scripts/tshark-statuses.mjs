/**
 * Asks the real tshark for the HTTP statuses of every capture of the corpus and writes test/corpus/tshark-statuses.tsv,
 * which test/corpus/tshark.test.ts compares with our own. One tshark at a time; captures already answered are kept,
 * `--again` asks anew. The answer is keyed by the capture's SHA-256: a renamed capture needs no new question.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';

const ROOT = join(import.meta.dirname, '..');
const TABLE = join(ROOT, 'test/corpus/tshark-statuses.tsv');
const corpus = process.env['WHY502_CORPUS'] ?? join(ROOT, '../shared/corpus');
const again = process.argv.includes('--again');

/** First octets of pcap (either order, micro- or nanoseconds), pcapng and gzip. */
const MAGICS = ['a1b2c3d4', 'd4c3b2a1', 'a1b23c4d', '4d3cb2a1', '0a0d0d0a', '1f8b'];

/** @param {string} folder */
function captures(folder) {
  return readdirSync(folder, { recursive: true })
    .map((name) => join(folder, String(name)))
    .filter((path) => statSync(path).isFile())
    .filter((path) => MAGICS.some((magic) => readFileSync(path).subarray(0, 4).toString('hex').startsWith(magic)))
    .sort();
}

/**
 * Two answers, each `200:3 404:1`, ascending. The plain one counts a response when its whole body is in the capture; the
 * other (no reassembly of bodies) when its head is, but misses heads that share a segment with an earlier body.
 * @param {string} path
 */
function ask(path) {
  const plain = statuses(path, []);
  const heads = statuses(path, ['-o', 'http.desegment_body:FALSE']);
  return [plain.text, heads.text, plain.exit];
}

/**
 * @param {string} path
 * @param {readonly string[]} options
 */
function statuses(path, options) {
  const args = ['-n', ...options, '-r', path, '-Y', 'http.response', '-T', 'fields', '-e', 'http.response.code'];
  const run = spawnSync('tshark', args, { encoding: 'utf8', timeout: 120_000, maxBuffer: 1 << 26 });
  if (run.error) throw run.error;
  const counts = new Map();
  // A frame with several responses gives a comma-separated line.
  for (const code of run.stdout.split(/[\s,]+/).filter((word) => word !== '')) {
    counts.set(code, (counts.get(code) ?? 0) + 1);
  }
  const text = [...counts].sort(([a], [b]) => Number(a) - Number(b)).map(([code, count]) => `${code}:${count}`);
  return { text: text.join(' '), exit: run.status ?? -1 };
}

if (!existsSync(corpus)) {
  console.error(`No corpus at ${relative(process.cwd(), corpus)}; set WHY502_CORPUS to the folder that holds it.`);
  process.exit(2);
}
const version = execFileSync('tshark', ['--version'], { encoding: 'utf8' }).split('\n')[0]?.split(' (Git')[0];
const known = new Map();
if (existsSync(TABLE) && !again) {
  for (const line of readFileSync(TABLE, 'utf8').split('\n')) {
    if (line === '' || line.startsWith('#')) continue;
    known.set(line.split('\t')[0], line);
  }
}
const rows = new Map();
const paths = captures(corpus);
for (const [index, path] of paths.entries()) {
  const sha = createHash('sha256').update(readFileSync(path)).digest('hex');
  if (!rows.has(sha)) {
    const kept = known.get(sha);
    rows.set(sha, kept ?? [sha, ...ask(path), relative(corpus, path)].join('\t'));
  }
  if (process.stderr.isTTY) process.stderr.write(`\r${index + 1} of ${paths.length}`);
}
const head = [
  `# HTTP responses by status as ${version} counts them: tshark -n -r FILE -Y http.response -T fields -e http.response.code`,
  '# Written by `npm run corpus:tshark`. Columns: SHA-256 of the capture · statuses · statuses with -o http.desegment_body:FALSE ·',
  '# exit code (2: the file is damaged) · first file with that SHA-256.',
];
/** @param {string} row */
const file = (row) => row.split('\t')[4] ?? '';
const sorted = [...rows.values()].sort((a, b) => (file(a) < file(b) ? -1 : 1));
writeFileSync(TABLE, `${[...head, ...sorted].join('\n')}\n`);
console.log(`${rows.size} different captures of ${paths.length}`);
