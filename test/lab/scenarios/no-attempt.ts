/** 502s for which nginx connects to nobody. */
import { closed } from '../peers/peer.ts';
import { CLOSED_RESOLVER, RESOLVER } from '../places.ts';
import type { Scenario } from '../scenario.ts';

function resolver(name: string, about: string, address: string, load: Scenario['load']): Scenario {
  const label = name.replace('resolver-', '');
  return {
    name,
    about,
    upstream: 'none',
    location: () =>
      `resolver ${address} ipv6=off; resolver_timeout 1s; set $name ${label}.lab.example; proxy_pass http://$name;`,
    ...(load === undefined ? {} : { load }),
  };
}

export const NO_ATTEMPT: readonly Scenario[] = [
  {
    name: 'config-502',
    about: '`return 502` in the configuration.',
    upstream: 'none',
    location: () => 'return 502;',
    load: { weight: 0.7 },
  },
  {
    name: 'config-error-page',
    about: '`error_page 404 =502`: a missing file becomes a 502.',
    upstream: 'none',
    location: () => 'error_page 404 =502 /own-502-page.html;',
    load: { methods: ['GET'], weight: 0.5 },
  },
  {
    name: 'cached-502',
    about: 'proxy_cache_valid 502: the first failure is real, the others are replayed.',
    upstream: 'tcp',
    peers: { closed: closed() },
    http: (at) => `proxy_cache_path ${at.dir}/cache keys_zone=lab:1m;`,
    location: (at) =>
      `proxy_pass http://${at.peer('closed')}; proxy_cache lab; proxy_cache_key $host$uri; proxy_cache_valid 502 30s;`,
    load: { methods: ['GET'], weight: 0.7 },
  },
  {
    name: 'resolver-missing',
    about: 'A variable in proxy_pass and no resolver.',
    upstream: 'none',
    location: () => 'set $name app.lab.example; proxy_pass http://$name;',
    load: { weight: 0.5 },
  },
  resolver('resolver-nxdomain', 'The resolver answers NXDOMAIN.', RESOLVER, { weight: 0.6 }),
  resolver('resolver-servfail', 'The resolver answers SERVFAIL.', RESOLVER, { slow: 4 }),
  resolver('resolver-silent', 'The resolver does not answer.', RESOLVER, { slow: 4 }),
  resolver('resolver-closed', "Nothing listens on the resolver's port.", CLOSED_RESOLVER, { slow: 4 }),
];
