/** A pipeline with three faults, to see that a campaign finds them. */

/** What the fault in question needs to show. */
const first = (octets: Uint8Array): string => String.fromCharCode(...octets.subarray(0, 4));

const grown: Uint8Array[] = [];

export function run(octets: Uint8Array): void {
  const what = first(octets);
  if (what === 'OOPS') throw new Error('planted');
  if (what === 'HANG') for (;;);
  if (what === 'GROW') for (let index = 0; index < 40; index++) grown.push(new Uint8Array(2 ** 24).fill(1));
}
