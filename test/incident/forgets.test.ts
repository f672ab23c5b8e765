import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import type { Exchange } from '../../src/model/exchange.ts';
import { type Wire, World } from '../kit/world.ts';

const REQUESTS = 4_000;
/** One is asked each millisecond. Of so many one waits long, so that it meets the failures of several windows. */
const SLOW = 50;
/** Milliseconds that each waits for its answer. */
const WAITS = 8;
const WAITS_LONG = 400;
/** Of those that were told of: the latest ones that connections, habits and turns remember. */
const REMEMBERED = 1_000;

/** Somebody waits all the time, and nothing but timing tells whose the failures are. Gives back what was told of, weakly. */
function neverIdle(world: World): WeakRef<Exchange>[] {
  const told: WeakRef<Exchange>[] = [];
  let waiting: { readonly client: Wire; readonly until: number; readonly status: number }[] = [];
  for (let ms = 0; ms < REQUESTS; ms++) {
    const slow = ms % SLOW === 0;
    const client = world.at(ms).client(`/shop?${ms}`);
    waiting.push({ client, until: ms + (slow ? WAITS_LONG : WAITS), status: slow ? 200 : 502 });
    const upstream = world.at(ms + 0.3).attempt('10.0.0.7:8080');
    upstream.refuse();
    world.at(ms + 0.6);
    for (const { client, until, status } of waiting) if (until === ms) client.answer(status);
    waiting = waiting.filter(({ until }) => until > ms);
    for (const { exchange } of world.incidents.splice(0)) told.push(new WeakRef(exchange));
  }
  return told;
}

test('where somebody waits all the time, what was told of is forgotten nevertheless', async () => {
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  const world = new World();
  const told = neverIdle(world);
  // What a weak reference leads to stays until the turn in which it was made is over.
  await setImmediate();
  collect();
  const alive = told.filter((ref) => ref.deref() !== undefined);
  expect(told.length).toBeGreaterThan(REQUESTS - 1_000);
  expect(alive.length).toBeLessThan(REMEMBERED);
  expect(world.station.held).toBeGreaterThan(0);
});
