/** The `record` command: the captures that the tests and the demonstration read, and their index. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { DEFAULTS } from './options.ts';
import { RECORDINGS } from './recordings.ts';
import { runOnce } from './run.ts';
import { SCENARIOS } from './scenarios/index.ts';
import type { TruthRow } from './truth.ts';

const BUFFER_KIB = 32_768;

/** Makes the recordings named (all where none is), and writes the index of all that are there. */
export async function recordAll(to: string, only: readonly string[], nginx: string): Promise<void> {
  const captures = resolve(to);
  mkdirSync(captures, { recursive: true });
  const out = mkdtempSync(join(tmpdir(), 'why502-record-'));
  const code = await runOnce({ ...DEFAULTS, out, nginx, record: { to: captures, only } }, BUFFER_KIB);
  writeFileSync(join(captures, 'README.md'), index(captures));
  if (code !== 0) throw new Error(`not everything was recorded; the logs are in ${out}`);
  rmSync(out, { recursive: true, force: true });
}

function index(captures: string): string {
  const rows = RECORDINGS.flatMap(({ cause, name, scenarios }) => {
    const file = join(captures, cause, `${name}.pcapng`);
    if (!existsSync(file)) return [];
    const truth = readFileSync(file.replace(/pcapng$/, 'truth.ndjson'), 'utf8');
    const logged = truth.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as TruthRow]));
    const bad = logged.filter((row) => row.status === 502).length;
    const made =
      SCENARIOS.find((scenario) => name === scenario.name || name === `${scenario.name}-kernel`)?.about ??
      `${scenarios.length} scenarios at once.`;
    return [[cause, `[${name}.pcapng](${cause}/${name}.pcapng)`, `${logged.length}`, `${bad}`, size(file), made]];
  });
  const count = readdirSync(captures).length;
  if (count === 0) return '';
  return `# Captures

Recorded from a real nginx in front of real and scripted peers by \`npm run lab -- record\` (test/lab). Beside each
capture stands what nginx logged for it: \`*.truth.ndjson\`, a line a request, with the cause of every failed attempt.
Addresses are those of the lab's own network namespaces; nothing in them comes from anybody's traffic.

${[['cause', 'capture', 'requests', '502s', 'size', 'how it was made'], Array(6).fill('---'), ...rows]
  .map((cells) => `| ${cells.join(' | ')} |`)
  .join('\n')}
`;
}

function size(file: string): string {
  return `${(statSync(file).size / 1000).toFixed(1)} kB`;
}
