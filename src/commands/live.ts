/** `why502 live`: captures on this machine and explains every 502 as it happens. */
import { networkInterfaces } from 'node:os';
import { EXIT } from '../config.ts';
import { type Output, streamOutput } from '../sinks/output.ts';
import { safeName } from '../sinks/safe-text.ts';
import type { CaptureWish, LiveStream } from '../sources/capture/program.ts';
import type { InputFailure } from '../sources/failure.ts';
import { Analysis } from './analysis.ts';
import { isUsageError, type World } from './command.ts';
import type { LiveConfig } from './live-options.ts';
import type { RunningTui } from './tui.ts';

/** Captures on this machine until the user interrupts, the time is over or nobody reads the output any more. */
export async function live(
  config: LiveConfig,
  world: World,
  start: typeof startCapture = startCapture,
): Promise<number> {
  let failed: Error | undefined;
  const output = streamOutput(world.stdout, (error) => {
    failed = error;
  });
  const { namedGateways, knownGateways } = await import('./gateways.ts');
  const gateways = namedGateways(config.gateways);
  if (isUsageError(gateways)) {
    world.say(`why502: ${safeName(gateways.wrong)}. ${gateways.remedy}`);
    return EXIT.usage;
  }
  const known = gateways.length > 0 ? gateways : knownGateways();
  const tui = config.tui ? await openTui(config, known, world) : undefined;
  if (!tui && known.length > 0) {
    world.say(`why502: ${gateways.length > 0 ? 'gateway' : 'found'} ${known.join('; ')}`);
  }
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
async function openTui(config: LiveConfig, gateways: readonly string[], world: World): Promise<RunningTui | undefined> {
  if (world.stdout.isTTY !== true) return undefined;
  const { hasScreen, RunningTui } = await import('./tui.ts');
  if (!hasScreen(world)) return undefined;
  const { colour, showSecrets } = config;
  const interfaces = config.interfaces.length > 0 ? config.interfaces : Object.keys(networkInterfaces());
  return new RunningTui(
    { mode: 'live', file: 'live', size: undefined, interfaces, gateways, colour, showSecrets },
    world,
  );
}

async function capture(
  config: LiveConfig,
  gateways: readonly string[],
  output: Output,
  world: World,
  start: typeof startCapture,
  tui: RunningTui | undefined,
): Promise<number> {
  // All that comes later: whoever this process becomes may not be allowed to read it.
  await loadAnalysis(config.format);
  const said = tui && ((line: string): void => world.say(line));
  const live = await start({ ...config, said }, world.env);
  if ('kind' in live) {
    world.say(`why502: ${live.cause}. ${live.remedy}`);
    return EXIT.refused;
  }
  const analysis = new Analysis('live', { ...config, gateways, saveEvidence: undefined }, world, output, { live, tui });
  const code = await analysis.run();
  live.stop();
  output.flush();
  const ended = await live.ended;
  if (ended === -1) world.say('why502: the capture program was killed, or could not be started.');
  if (ended === 0) return code;
  return ended === EXIT.usage ? EXIT.usage : EXIT.refused;
}

/** The capture program is root's for as long as it has to be; this process is not any more. */
async function startCapture(config: CaptureWish, env: World['env']): Promise<LiveStream | InputFailure> {
  const [{ startProgram }, { identityAfter, giveUpRoot }] = await Promise.all([
    import('../sources/capture/program.ts'),
    import('../sources/capture/root.ts'),
  ]);
  const identity = identityAfter(process.getuid?.(), env);
  const started = startProgram(config, env, identity);
  if (identity && !('kind' in started)) giveUpRoot(identity);
  return started;
}

/** The modules that an analysis imports one by one. */
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
