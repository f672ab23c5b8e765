/** The lab's command line: `npm run lab -- run | score | record | list`. */
import { parseArgs } from 'node:util';
import { DEFAULTS } from './options.ts';
import { runLab } from './run.ts';
import { pathOf } from './scenario.ts';
import { SCENARIOS } from './scenarios/index.ts';

const USAGE = `usage: npm run lab -- COMMAND
  run --out DIR [--seed N] [--concurrency N] [--connections N] [--workers N] [--plain-targets] [--hot-url]
      [--scenarios a,b,..] [--nginx PATH] [--interface any] [--snaplen N]
  list
`;

const RUN_OPTIONS = {
  out: { type: 'string' },
  seed: { type: 'string' },
  concurrency: { type: 'string' },
  connections: { type: 'string' },
  workers: { type: 'string' },
  'plain-targets': { type: 'boolean' },
  'hot-url': { type: 'boolean' },
  scenarios: { type: 'string' },
  nginx: { type: 'string' },
  interface: { type: 'string' },
  snaplen: { type: 'string' },
} as const;

async function main(words: readonly string[]): Promise<number> {
  const [command, ...args] = words;
  if (command === 'run') {
    const { values } = parseArgs({ args, options: RUN_OPTIONS });
    if (values.out === undefined) return usage();
    await runLab({
      out: values.out,
      seed: Number(values.seed ?? DEFAULTS.seed),
      concurrency: Number(values.concurrency ?? DEFAULTS.concurrency),
      connections: Number(values.connections ?? DEFAULTS.connections),
      workers: Number(values.workers ?? DEFAULTS.workers),
      plainTargets: values['plain-targets'] ?? false,
      hotUrl: values['hot-url'] ?? false,
      scenarios: values.scenarios?.split(',') ?? [],
      nginx: values.nginx ?? DEFAULTS.nginx,
      interface: values.interface ?? DEFAULTS.interface,
      snaplen: Number(values.snaplen ?? DEFAULTS.snaplen),
    });
    return 0;
  }
  if (command === 'list') {
    for (const scenario of SCENARIOS)
      process.stdout.write(`${scenario.name.padEnd(24)} ${pathOf(scenario).padEnd(26)} ${scenario.about}\n`);
    return 0;
  }
  return usage();
}

function usage(): number {
  process.stderr.write(USAGE);
  return 2;
}

process.exitCode = await main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  return 1;
});
