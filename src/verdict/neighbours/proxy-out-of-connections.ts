import type { CauseFile } from '../cause-file.ts';

export const proxyOutOfConnections: CauseFile = {
  cause: 'proxy-out-of-connections',
  section: 'Neighbours: not a 502',
  title: 'The gateway ran out of worker_connections',
  meaning: 'The worker has no connection left for the upstream. nginx answers 500, or drops the client.',
  recognised: {
    packets: 'a 500 without any upstream packet, or an empty close towards the client',
    kernel: 'socket(), then close() at once',
    log: 'N worker_connections are not enough, at level alert',
  },
  roots: ['a low worker_connections', 'connections that pile up at slow peers'],
  remedies: ['Raise worker_connections (each proxied request needs two), and worker_rlimit_nofile with it.'],
  elsewhere: { haproxy: '503 RC', envoy: '503 UO' },
  log: /^\d+ worker_connections are not enough/,
};
