import { expect, test } from 'vitest';
import { NEIGHBOUR_TIME, RESOLVER_TIME, TICK_TIME } from '../../src/host/limits.ts';
import { SECOND } from '../../src/model/time.ts';

test('what is waited for is told before the verdict that needs it', () => {
  // proxy_connect_timeout is 60 s, resolver_timeout 30 s; EHOSTUNREACH comes with the third second.
  expect(NEIGHBOUR_TIME + TICK_TIME).toBeLessThan(3.25 * SECOND);
  expect(RESOLVER_TIME).toBeLessThan(30 * SECOND);
});
