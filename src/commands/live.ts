/** `why502 live`: captures on this machine and explains every 502 as it happens. */
import { networkInterfaces } from 'node:os';
import { EXIT } from '../config.ts';
import { gatewayLines } from '../sinks/gateways-text.ts';
import { type Output, streamOutput } from '../sinks/output.ts';
import { safeName } from '../sinks/safe-text.ts';
import { PACKAGE_ENGINES } from '../sources/capture/engine/names.ts';
import { listeners } from '../sources/machine/listeners.ts';
import { Analysis } from './analysis.ts';
import { exitOf, futureSelf, refused, type StartCapture, startCapture } from './capture-run.ts';
import { isUsageError, type World } from './command.ts';
import { knownGateways, listening, namedGateways } from './gateways.ts';
import type { LiveConfig } from './live-options.ts';
import type { Machine, RunningTui } from './tui.ts';

/** Its descriptor. */
const STANDARD_OUTPUT = 1;

/** Captures on this machine until the user interrupts, the time is over or nobody reads the output any more. */
export async function live(
  config: LiveConfig,
  world: World,
  start: StartCapture = startCapture(world.env, config.engine),
): Promise<number> {
  let failed: Error | undefined;
  const output = streamOutput(world.stdout, (error) => {
    failed = error;
  });
  const gateways = namedGateways(config.gateways);
  if (isUsageError(gateways)) {
    world.say(`why502: ${safeName(gateways.wrong)}. ${gateways.remedy}`);
    return EXIT.usage;
  }
  const tui = config.tui ? await openTui(config, gateways, world) : undefined;
  try {
    const code = await capture(config, gateways, output, tui?.world ?? world, start, tui);
    if (!failed) return code;
    world.say(`why502: the output could not be written: ${failed.message}.`);
    return EXIT.refused;
  } finally {
    tui?.close();
  }
}

/** `undefined` where there is no screen to draw on. */
async function openTui(config: LiveConfig, named: readonly string[], world: World): Promise<RunningTui | undefined> {
  if (world.stdout.isTTY !== true) return undefined;
  const { hasScreen, RunningTui } = await import('./tui.ts');
  if (!hasScreen(world)) return undefined;
  const { colour, showSecrets } = config;
  const interfaces = config.interfaces.length > 0 ? config.interfaces : Object.keys(networkInterfaces());
  const wish = {
    mode: 'live',
    file: 'live',
    size: undefined,
    interfaces,
    named,
    machine: thisMachine,
    colour,
    showSecrets,
  } as const;
  return new RunningTui(wish, world).load();
}

function thisMachine(): Machine {
  const all = listeners();
  return { gateways: knownGateways(all), listening: listening(all) };
}

async function capture(
  config: LiveConfig,
  gateways: readonly string[],
  output: Output,
  world: World,
  start: StartCapture,
  tui: RunningTui | undefined,
): Promise<number> {
  const screen = tui && { said: (line: string) => world.say(line), terminal: STANDARD_OUTPUT };
  const yields = config.engine === 'capture' && config.kernel;
  const started = await start({ ...config, ...screen, yields }, futureSelf(world), async () => {
    if (!tui) sayGateways(gateways, world);
    await loadAnalysis(config.format);
  });
  if ('kind' in started) return refused(started, world);
  const company = { live: started, tui };
  const arrivalTimes = config.engine !== 'capture' && PACKAGE_ENGINES[config.engine].arrivalTimes;
  const options = { ...config, gateways, saveEvidence: undefined, arrivalTimes };
  const analysis = new Analysis('live', options, world, output, company);
  const code = await analysis.run();
  started.stop();
  output.flush();
  const ended = exitOf(await started.ended, world);
  return ended === EXIT.done ? code : ended;
}

function sayGateways(named: readonly string[], world: World): void {
  const told = named.length > 0 ? named : gatewayLines(knownGateways());
  if (told.length > 0) world.say(`why502: ${named.length > 0 ? 'gateway' : 'found'} ${told.join('; ')}`);
}

/** The modules that an analysis imports one by one: whoever this process becomes may not be allowed to read them. */
async function loadAnalysis(format: LiveConfig['format']): Promise<void> {
  await Promise.all([
    import('../sinks/secrets.ts'),
    import('../pipeline.ts'),
    import('../sources/capture-file.ts'),
    import('../sinks/summary.ts'),
    format === 'ndjson' ? import('../sinks/ndjson.ts') : import('../sinks/text/report.ts'),
    import('../sinks/text/page.ts'),
  ]);
}
