/** Closes a switch over a closed union: the compiler lists every place a new member must be handled. */
export function assertNever(value: never): never {
  throw new Error(`unreachable: ${JSON.stringify(value)}`);
}
