/** Which counters tell of something that was forgotten or not followed because a table was full. */

const GIVEN_UP = /[.](?:evicted|turnedAway|crowded|overLimit)$/;

export function isGivenUp(counter: string): boolean {
  return GIVEN_UP.test(counter);
}

/** Those that are not zero, by name. */
export function givenUp(counters: Readonly<Record<string, number>>): (readonly [name: string, count: number])[] {
  return Object.entries(counters).filter(([name, count]) => count > 0 && isGivenUp(name));
}
