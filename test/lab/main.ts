/** The lab's command line: `npm run lab -- run | score | record | list`. */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Clients, DEFAULTS } from './options.ts';
import { recordAll } from './record.ts';
import { runLab } from './run.ts';
import { pathOf } from './scenario.ts';
import { SCENARIOS } from './scenarios/index.ts';
import { CACHE, scoreRuns, type Variant } from './score-runs.ts';

const USAGE = `usage: npm run lab -- COMMAND

  run --out DIR [--seed N] [--concurrency 24] [--connections 1500] [--workers 2] [--plain-targets] [--hot-url] [--clients tls]
      [--scenarios a,b,..] [--nginx PATH] [--interface any] [--snaplen 262144] [--kernel]
      one run: DIR/capture.pcap and DIR/truth.ndjson

  score [--all] [--seeds 3] [--seed FIRST] [--concurrency 24,64,128] [--plain-targets] [--hot-url] [--clients tls] [--workers 2]
        [--connections 4500] [--from DIR]... [--reuse] [--cache DIR] [--check] [--json] [--details FILE]
        [--analyzer dist/cli.js] [--kernel] [--stream fast|paced]
      runs of fresh seeds, analyzed and compared with the truth; --from scores runs that exist
      --stream: also out of a pipe, whole at once or as time went by
      --kernel: captured by native/build/why502-capture, with what the kernel tells
      --clients clear|tls|http2: how they come

  record [--out captures] [--only a,b,..] [--nginx PATH]
      one small capture for each cause

  list
      the scenarios
`;

/** So many that a scenario gets its some sixty requests, as 45 scenarios would of 3,000. */
const SCORED_CONNECTIONS = 4500;

const RUN_OPTIONS = {
  out: { type: 'string' },
  seed: { type: 'string' },
  concurrency: { type: 'string' },
  connections: { type: 'string' },
  workers: { type: 'string' },
  'plain-targets': { type: 'boolean' },
  'hot-url': { type: 'boolean' },
  clients: { type: 'string' },
  scenarios: { type: 'string' },
  nginx: { type: 'string' },
  interface: { type: 'string' },
  snaplen: { type: 'string' },
  kernel: { type: 'boolean' },
} as const;

const SCORE_OPTIONS = {
  all: { type: 'boolean' },
  seeds: { type: 'string' },
  seed: { type: 'string' },
  concurrency: { type: 'string' },
  'plain-targets': { type: 'boolean' },
  'hot-url': { type: 'boolean' },
  clients: { type: 'string' },
  workers: { type: 'string' },
  connections: { type: 'string' },
  from: { type: 'string', multiple: true },
  reuse: { type: 'boolean' },
  cache: { type: 'string' },
  check: { type: 'boolean' },
  json: { type: 'boolean' },
  details: { type: 'string' },
  analyzer: { type: 'string' },
  kernel: { type: 'boolean' },
  stream: { type: 'string' },
} as const;

const COMMANDS: Readonly<Record<string, (args: string[]) => Promise<number>>> = { run, score, record, list };

async function run(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: RUN_OPTIONS });
  const clients = clientsOf(values.clients);
  if (values.out === undefined || !clients) return usage();
  await runLab({
    out: values.out,
    seed: Number(values.seed ?? DEFAULTS.seed),
    concurrency: Number(values.concurrency ?? DEFAULTS.concurrency),
    connections: Number(values.connections ?? DEFAULTS.connections),
    workers: Number(values.workers ?? DEFAULTS.workers),
    plainTargets: values['plain-targets'] ?? false,
    hotUrl: values['hot-url'] ?? false,
    clients,
    scenarios: values.scenarios?.split(',') ?? [],
    nginx: values.nginx ?? DEFAULTS.nginx,
    kernel: values.kernel ?? false,
    interface: values.interface ?? DEFAULTS.interface,
    snaplen: Number(values.snaplen ?? DEFAULTS.snaplen),
  });
  return 0;
}

async function score(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: SCORE_OPTIONS });
  const { stream } = values;
  const clients = clientsOf(values.clients);
  if (!clients) return usage();
  if (stream !== undefined && stream !== 'fast' && stream !== 'paced') return usage();
  const plainTargets = values['plain-targets'] ?? false;
  const hotUrl = values['hot-url'] ?? false;
  const variants = (values.concurrency ?? '24,64,128')
    .split(',')
    .map((concurrency) => ({ concurrency: Number(concurrency), plainTargets, hotUrl, clients }));
  return await scoreRuns({
    variants: values.all === true ? ALL_VARIANTS : variants,
    seeds: Number(values.seeds ?? 3),
    firstSeed: values.seed === undefined ? undefined : Number(values.seed),
    workers: Number(values.workers ?? DEFAULTS.workers),
    connections: Number(values.connections ?? SCORED_CONNECTIONS),
    from: values.from ?? [],
    cache: values.cache ?? CACHE,
    reuse: values.reuse ?? false,
    json: values.json ?? false,
    check: values.check ?? false,
    details: values.details,
    kernel: values.kernel ?? false,
    stream,
    analyzer: values.analyzer ?? join(import.meta.dirname, '../../dist/cli.js'),
  });
}

function clientsOf(word = 'clear'): Clients | undefined {
  return word === 'clear' || word === 'tls' || word === 'http2' ? word : undefined;
}

const USUAL = { plainTargets: false, hotUrl: false, clients: 'clear' } as const;

/** What the README prints. */
const ALL_VARIANTS: readonly Variant[] = [
  ...[24, 64, 128].map((concurrency) => ({ ...USUAL, concurrency })),
  ...[24, 64].flatMap((concurrency) => [
    { ...USUAL, concurrency, plainTargets: true },
    { ...USUAL, concurrency, hotUrl: true },
  ]),
];

async function record(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: { out: { type: 'string' }, only: { type: 'string' }, nginx: { type: 'string' } },
  });
  await recordAll(values.out ?? 'captures', values.only?.split(',') ?? [], values.nginx ?? DEFAULTS.nginx);
  return 0;
}

async function list(): Promise<number> {
  for (const scenario of SCENARIOS)
    process.stdout.write(`${scenario.name.padEnd(24)} ${pathOf(scenario).padEnd(26)} ${scenario.about}\n`);
  return 0;
}

function usage(): number {
  process.stderr.write(USAGE);
  return 2;
}

async function main([name = '', ...args]: readonly string[]): Promise<number> {
  const command = COMMANDS[name];
  return command === undefined ? usage() : await command(args);
}

process.exitCode = await main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  return 1;
});
