/** `why502 doctor`: asks every check, and prints what can be had here. */
import { EXIT } from '../config.ts';
import { streamOutput } from '../sinks/output.ts';
import type { World } from './command.ts';
import { CHECKS } from './doctor/checks.ts';
import { type Fact, type Machine, thisMachine } from './doctor/machine.ts';
import type { DoctorConfig } from './doctor-options.ts';

/** Column at which what a fact says begins. */
const SAYS_AT = 22;

export async function doctor(
  { format }: DoctorConfig,
  world: World,
  machine: Machine = thisMachine(world.env),
): Promise<number> {
  const output = streamOutput(world.stdout);
  const facts = CHECKS.flatMap((check) => check(machine));
  const captures = facts.some(({ has, captures }) => has && captures === true);
  if (format === 'json')
    output.write(`${JSON.stringify({ schema: 1, version: world.version, captures, facts }, null, 2)}\n`);
  else output.write(`${[...textOf(facts), '', conclusion(captures)].join('\n')}\n`);
  output.flush();
  return captures ? EXIT.done : EXIT.refused;
}

function textOf(facts: readonly Fact[]): string[] {
  const groups = [...new Set(facts.map(({ group }) => group))];
  return groups.flatMap((group, n) => [
    ...(n > 0 ? [''] : []),
    group,
    ...facts.filter((fact) => fact.group === group).flatMap(linesOf),
  ]);
}

function linesOf({ name, has, says, remedy }: Fact): string[] {
  const line = `  ${has ? 'yes' : 'no '}  ${name}`.padEnd(SAYS_AT - 1);
  const indent = ' '.repeat(SAYS_AT);
  return [`${line} ${says}`, ...(remedy === '' ? [] : [`${indent}${remedy}`])];
}

function conclusion(captures: boolean): string {
  return captures
    ? 'Packets can be captured here: sudo why502'
    : 'Nothing can capture here as this user. Captures that others took can be read: why502 FILE';
}
