/** Which scenarios a run is made of. */
import type { Scenario } from '../scenario.ts';
import { SCENARIOS } from './index.ts';

/** Those named, or all that are not optional. Throws on a name that does not exist. */
export function chooseScenarios(names: readonly string[]): readonly Scenario[] {
  if (names.length === 0) return SCENARIOS.filter((scenario) => scenario.optional !== true);
  return names.map((name) => {
    const found = SCENARIOS.find((scenario) => scenario.name === name);
    if (found === undefined) throw new Error(`no scenario is called ${name}`);
    return found;
  });
}
