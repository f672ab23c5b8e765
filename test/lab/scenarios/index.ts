/** The whole table. The order decides the peers' ports, so a new scenario goes to the end of its list. */
import type { Scenario } from '../scenario.ts';
import { CONNECT } from './connect.ts';
import { FASTCGI } from './fastcgi.ts';
import { GROUPS } from './groups.ts';
import { H2 } from './h2.ts';
import { HEALTHY } from './healthy.ts';
import { HTTP } from './http.ts';
import { KEEPALIVE } from './keepalive.ts';
import { NEIGHBOURS } from './neighbours.ts';
import { NESTED } from './nested.ts';
import { NO_ATTEMPT } from './no-attempt.ts';
import { TLS } from './tls.ts';
import { UNIX } from './unix.ts';

export const SCENARIOS: readonly Scenario[] = [
  ...HEALTHY,
  ...CONNECT,
  ...TLS,
  ...HTTP,
  ...FASTCGI,
  ...H2,
  ...KEEPALIVE,
  ...GROUPS,
  ...NO_ATTEMPT,
  ...UNIX,
  ...NEIGHBOURS,
  ...NESTED,
];
