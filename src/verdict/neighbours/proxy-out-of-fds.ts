import type { CauseFile } from '../cause-file.ts';

export const proxyOutOfFds: CauseFile = {
  cause: 'proxy-out-of-fds',
  section: 'Neighbours: not a 502',
  title: 'The gateway ran out of file descriptors',
  meaning: 'socket() failed in the gateway, so no peer was asked. nginx answers 500, not 502.',
  recognised: {
    packets: 'a 500 without any upstream packet',
    kernel: 'socket() gives -24 or -23',
    log: 'socket() failed (24: Too many open files), at level alert',
  },
  roots: ['a low worker_rlimit_nofile', 'a leak of descriptors'],
  remedies: ['worker_rlimit_nofile above 2 x worker_connections, and LimitNOFILE in the unit of the service.'],
  elsewhere: { haproxy: '503 RC', envoy: '503 UO' },
  log: /^socket\(\) failed \(2[34]:/,
};
