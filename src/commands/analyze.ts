/** `why502 analyze`: explains the 502s of captures, one after the other. */
import { EXIT } from '../config.ts';
import { separated, streamOutput } from '../sinks/output.ts';
import { safeName } from '../sinks/safe-text.ts';
import { Analysis, isPipe, sizeOf } from './analysis.ts';
import type { AnalyzeConfig } from './analyze-options.ts';
import type { UsageError, World } from './command.ts';
import type { RunningTui } from './tui.ts';
import { unwritable } from './unwritable.ts';

export async function analyze(config: AnalyzeConfig, world: World): Promise<number> {
  let failed: Error | undefined;
  const output = streamOutput(world.stdout, (error) => {
    failed = error;
  });
  const refusal = config.saveEvidence === undefined ? undefined : await prepareEvidence(config, config.saveEvidence);
  if (refusal) {
    world.say(`why502: ${refusal.text}`);
    return refusal.code;
  }
  const list = config.format === 'json' && config.files.length > 1;
  if (list) output.write('[');
  const tui = config.tui ? await openTui(config, world) : undefined;
  if (tui && 'wrong' in tui) {
    world.say(`why502: ${tui.wrong}. ${tui.remedy}`);
    return EXIT.usage;
  }
  let code: number = EXIT.done;
  let reports = 0;
  for (const file of config.files) {
    if (world.interrupt.aborted || output.closed) break;
    const between = list ? (reports > 0 ? ',\n' : '\n') : config.format === 'text' && reports > 0 ? '\n\n' : '';
    const analysis = new Analysis(file, config, tui?.world ?? world, separated(output, between), { tui });
    try {
      code = Math.max(code, await analysis.run());
    } finally {
      tui?.close();
    }
    if (analysis.reported) reports++;
  }
  if (list) output.write('\n]\n');
  output.flush();
  if (!failed) return code;
  world.say(`why502: the output could not be written: ${failed.message}.`);
  return EXIT.refused;
}

/** The screen, or why there is none. */
async function openTui(config: AnalyzeConfig, world: World): Promise<RunningTui | UsageError> {
  const { hasScreen, RunningTui } = await import('./tui.ts');
  if (!hasScreen(world)) {
    return { wrong: '--tui needs a terminal that it can draw on', remedy: 'Leave it out: text goes everywhere.' };
  }
  const [file = '-'] = config.files;
  const pipe = isPipe(file);
  const size = pipe ? undefined : sizeOf(file);
  const { gateways, colour, showSecrets } = config;
  const machine = () => ({ gateways: [], listening: new Map() });
  const mode = pipe ? 'pipe' : 'file';
  return new RunningTui(
    { mode, file, size, interfaces: [], named: gateways, machine, colour, showSecrets },
    world,
  ).load();
}

async function prepareEvidence(
  { files }: AnalyzeConfig,
  directory: string,
): Promise<{ text: string; code: number } | undefined> {
  const pipe = files.find(isPipe);
  if (pipe !== undefined) {
    const text = `--save-evidence reads ${safeName(pipe)} a second time, which a pipe does not allow. Analyze a file.`;
    return { text, code: EXIT.usage };
  }
  try {
    (await import('../sinks/evidence-files.ts')).makeDirectory(directory);
    return undefined;
  } catch (error) {
    return { text: `--save-evidence ${unwritable(error, directory)}`, code: EXIT.refused };
  }
}
