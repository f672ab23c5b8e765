/** Chooses and prints the seed of all properties of this run; FC_SEED=... repeats one. */
export default function setup(): void {
  process.env['FC_SEED'] ??= String(Math.floor(Math.random() * 2 ** 31));
  console.log(`seed of the properties: FC_SEED=${process.env['FC_SEED']}`);
}
