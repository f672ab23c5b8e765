/** What the kernel told of sockets without an attempt's name on it: who listens where, and which segments were thrown away. */
import type { Dropped, Listening } from '../../model/kernel-event.ts';
import { MILLISECOND, type Moment, type Nanos } from '../../model/time.ts';
import { keep } from '../kept.ts';

/** Listeners and connections remembered; the oldest goes first. */
export const REMEMBERED = 1 << 12;
/** Looks at one listener: the first one, and the latest ones. */
const LOOKS = 16;
/** A queue is looked at after the event that says it may be full was read. */
const LOOKED_AFTER: Nanos = 100 * MILLISECOND;

export class Sockets {
  readonly #listeners = new Map<string, Listening[]>();
  /** By both ends, in either order; the first one of each. */
  readonly #drops = new Map<string, Dropped>();

  witnessed(event: Listening | Dropped): void {
    if (event.kind === 'dropped') {
      const key = keyOf(event.ends.local, event.ends.remote);
      if (!this.#drops.has(key)) keep(this.#drops, key, event, REMEMBERED);
      return;
    }
    const looks = this.#listeners.get(event.address) ?? [];
    looks.push(event);
    if (looks.length > LOOKS) looks.splice(1, 1);
    keep(this.#listeners, event.address, looks, REMEMBERED);
  }

  /** The look at who listens there that was made last before `until`, or right after it. */
  listenerAt(address: string, until: Nanos): Listening | undefined {
    for (const each of [address, ...wildcardsOf(address)]) {
      const looks = this.#listeners.get(each);
      const last = looks?.findLast(({ moment }) => moment.at <= until + LOOKED_AFTER) ?? looks?.[0];
      if (last) return last;
    }
    return undefined;
  }

  dropOf(client: string, server: string, since: Moment): Dropped | undefined {
    const drop = this.#drops.get(keyOf(client, server));
    return drop && drop.moment.frame >= since.frame ? drop : undefined;
  }
}

function keyOf(one: string, other: string): string {
  return one < other ? `${one} ${other}` : `${other} ${one}`;
}

/** Who listens at every address of a host, listens at this one. */
function wildcardsOf(address: string): readonly string[] {
  if (address.startsWith('unix:')) return [];
  const port = address.slice(address.lastIndexOf(':') + 1);
  return address.startsWith('[') ? [`[::]:${port}`] : [`0.0.0.0:${port}`, `[::]:${port}`];
}
