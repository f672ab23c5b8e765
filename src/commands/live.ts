/** `why502 live`: captures on this machine and explains every 502 as it happens. */
import { EXIT } from '../config.ts';
import { streamOutput } from '../sinks/output.ts';
import { safeName } from '../sinks/safe-text.ts';
import type { LiveStream } from '../sources/capture/program.ts';
import type { InputFailure } from '../sources/failure.ts';
import { Analysis } from './analysis.ts';
import { isUsageError, type World } from './command.ts';
import type { LiveConfig } from './live-options.ts';

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
  if (known.length > 0) world.say(`why502: ${gateways.length > 0 ? 'gateway' : 'found'} ${known.join('; ')}`);
  // All that comes later: whoever this process becomes may not be allowed to read it.
  await loadAnalysis(config.format);
  const started = await start(config, world.env);
  if ('kind' in started) {
    world.say(`why502: ${started.cause}. ${started.remedy}`);
    return EXIT.refused;
  }
  const analysis = new Analysis('live', { ...config, gateways, saveEvidence: undefined }, world, output, started);
  const code = await analysis.run();
  started.stop();
  output.flush();
  const ended = await started.ended;
  if (ended === -1) world.say('why502: the capture program was killed, or could not be started.');
  if (ended !== 0) return ended === EXIT.usage ? EXIT.usage : EXIT.refused;
  if (!failed) return code;
  world.say(`why502: the output could not be written: ${failed.message}.`);
  return EXIT.refused;
}

/** The capture program is root's for as long as it has to be; this process is not any more. */
async function startCapture(config: LiveConfig, env: World['env']): Promise<LiveStream | InputFailure> {
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
