/** One case of a campaign: everything follows from the campaign's seed and the case's number. */
import { readFileSync } from 'node:fs';
import { type Mutation, mutate, mutations } from './mutate.ts';
import { Random } from './random.ts';

export interface Case {
  readonly capture: Uint8Array;
  readonly donor: Uint8Array;
  readonly list: readonly Mutation[];
}

const contents = new Map<string, Uint8Array>();

function content(path: string): Uint8Array {
  let octets = contents.get(path);
  if (octets === undefined) {
    octets = new Uint8Array(readFileSync(path));
    contents.set(path, octets);
  }
  return octets;
}

export function caseOf(seed: number, number: number, captures: readonly [string, ...string[]]): Case {
  const random = new Random(seed, number);
  const capture = content(random.pick(captures));
  const donor = content(random.pick(captures));
  return { capture, donor, list: mutations(random) };
}

export function octetsOfCase({ capture, donor, list }: Case): Uint8Array {
  return mutate(capture, donor, list);
}

/** The same case with every mutation left out that the failure does not need. */
export function shrink(failing: Case, fails: (octets: Uint8Array) => boolean): Case {
  let { list } = failing;
  for (let index = 0; index < list.length; ) {
    const fewer = list.filter((_, other) => other !== index);
    if (fails(octetsOfCase({ ...failing, list: fewer }))) list = fewer;
    else index++;
  }
  return { ...failing, list };
}
