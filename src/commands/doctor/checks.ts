/** The list of checks. */
import { engineFacts } from './engines.ts';
import { kernelFacts } from './kernel.ts';
import type { Fact, Machine } from './machine.ts';
import { networkFacts } from './network.ts';
import { privilegeFacts } from './privileges.ts';

export const CHECKS: readonly ((machine: Machine) => Fact[])[] = [
  kernelFacts,
  privilegeFacts,
  networkFacts,
  (machine) => engineFacts(machine),
];
