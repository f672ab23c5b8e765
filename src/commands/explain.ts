/** `why502 explain`: what causes mean. */
import { EXIT } from '../config.ts';
import { CAUSES, NEIGHBOURS } from '../model/cause.ts';
import { streamOutput } from '../sinks/output.ts';
import { safeName } from '../sinks/safe-text.ts';
import type { World } from './command.ts';
import type { ExplainConfig } from './explain-options.ts';
import { nearest } from './nearest.ts';

export async function explain({ causes, list }: ExplainConfig, world: World): Promise<number> {
  const pages = await import('../verdict/explain.ts');
  const output = streamOutput(world.stdout);
  const write = (lines: readonly string[]): void => output.write(`${lines.join('\n')}\n`);
  let code: number = EXIT.done;
  if (list) write(pages.explainList());
  causes.forEach((cause, at) => {
    const page = pages.explain(cause);
    if (page) {
      write(at > 0 || list ? ['', ...page] : page);
      return;
    }
    const similar = pages.similarCauses(cause);
    const near = nearest(cause, [...CAUSES, ...NEIGHBOURS]) ?? (similar.length > 0 ? similar.join(', ') : undefined);
    const remedy = near ? `Did you mean: ${near}?` : 'All causes: why502 explain --list';
    world.say(`why502: ${safeName(cause)}: no cause of that name. ${remedy}`);
    code = EXIT.usage;
  });
  output.flush();
  return code;
}
