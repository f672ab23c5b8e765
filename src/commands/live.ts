/** `why502 live`: captures on this machine and explains every 502 as it happens. */
import { EXIT } from '../config.ts';
import { streamOutput } from '../sinks/output.ts';
import { safeName } from '../sinks/safe-text.ts';
import { Analysis } from './analysis.ts';
import { exitOf, futureSelf, refused, type StartCapture, startCapture } from './capture-run.ts';
import { isUsageError, type World } from './command.ts';
import { knownGateways, namedGateways } from './gateways.ts';
import type { LiveConfig } from './live-options.ts';

/** Captures on this machine until the user interrupts, the time is over or nobody reads the output any more. */
export async function live(
  config: LiveConfig,
  world: World,
  start: StartCapture = startCapture(world.env),
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
  const known = gateways.length > 0 ? gateways : knownGateways();
  if (known.length > 0) world.say(`why502: ${gateways.length > 0 ? 'gateway' : 'found'} ${known.join('; ')}`);
  // All that comes later: whoever this process becomes may not be allowed to read it.
  await loadAnalysis(config.format);
  const started = start(config, futureSelf(world));
  if ('kind' in started) return refused(started, world);
  const analysis = new Analysis('live', { ...config, gateways, saveEvidence: undefined }, world, output, started);
  const code = await analysis.run();
  started.stop();
  output.flush();
  const ended = exitOf(await started.ended, world);
  if (ended !== EXIT.done || !failed) return ended === EXIT.done ? code : ended;
  world.say(`why502: the output could not be written: ${failed.message}.`);
  return EXIT.refused;
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
