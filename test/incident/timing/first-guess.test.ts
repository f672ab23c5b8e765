import { expect, test } from 'vitest';
import { DECISION } from '../../../src/incident/timing/decisions.ts';
import { Gaps } from '../../../src/incident/timing/densities.ts';
import { placesOf, supposeShares } from '../../../src/incident/timing/first-guess.ts';
import { Habits } from '../../../src/incident/timing/habits.ts';
import { Ledger } from '../../../src/incident/timing/ledger.ts';
import { Turns } from '../../../src/incident/timing/turns.ts';
import { moment } from '../../kit/incidents.ts';
import { front, refused } from '../facets.ts';

test("whose peers they are shows in the sum, where each attempt could as well be somebody else's", () => {
  const habits = new Habits();
  const ledger = new Ledger({ gaps: new Gaps(), habits }, new Turns([]));
  // At each refusal one request of the group waits, and one of another location, each time a different one.
  const rounds = Array.from({ length: 6 }, (_, n) => {
    const ms = 100 * n;
    const asked = (target: string) =>
      front({ request: { target, head: moment(ms), end: moment(ms) }, answeredMs: ms + 1 }, habits);
    const [group, other] = [asked('/group/a'), asked(`/other-${n}/a`)];
    const use = refused(ms + 0.2);
    use.candidates = [group, other];
    return { group, other, use };
  });
  const uses = rounds.map(({ use }) => use);
  const fronts = new Set(rounds.flatMap(({ group, other }) => [group, other]));
  supposeShares(placesOf(uses, ledger), fronts, ledger);
  for (const { group, other, use } of rounds) {
    const share = (prefixes: typeof group.prefixes) => habits.share(prefixes, DECISION.first, use.peer.text, undefined);
    expect(share(group.prefixes)).toBeGreaterThan(share(other.prefixes));
  }
});
