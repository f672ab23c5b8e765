import type { CauseFile } from '../cause-file.ts';

export const unixBacklogFull: CauseFile = {
  cause: 'unix-backlog-full',
  section: 'Connecting',
  title: "The unix socket's listen queue is full",
  meaning:
    'All workers of the peer are busy and its listen queue is full. On a unix socket that fails at once (on TCP it would be silence, and a 504).',
  recognised: {
    packets: 'none: unix sockets leave no packets',
    kernel: 'connect() on a unix socket fails with 11; the accept queue of the listener is at its limit',
    log: 'connect() to unix:PATH failed (11: Resource temporarily unavailable) while connecting to upstream',
  },
  subcauses: { 'descriptors-exhausted': 'whoever listens there had no file descriptor left to accept with' },
  roots: ['too few workers (pm.max_children)', 'slow scripts', 'a low listen.backlog or net.core.somaxconn'],
  remedies: [
    'More workers, or faster requests: FPM says "reached pm.max_children", its slow log says which script.',
    'Only then a longer queue: listen.backlog together with net.core.somaxconn.',
  ],
  elsewhere: { haproxy: '503 SC', envoy: '503 UF' },
  log: /^connect\(\) to unix:.+? failed \(11: Resource temporarily unavailable\)/,
  connectErrors: { unix: [11] },
};
