import type { CauseFile } from '../cause-file.ts';

export const unixSocketMissing: CauseFile = {
  cause: 'unix-socket-missing',
  section: 'Connecting',
  title: 'The unix socket does not exist',
  meaning: 'There is no file at the path of the unix socket. PHP-FPM, for one, removes it when it stops.',
  recognised: {
    packets: 'none: unix sockets leave no packets',
    kernel: 'connect() on a unix socket fails with 2',
    log: 'connect() to unix:PATH failed (2: No such file or directory) while connecting to upstream, at level crit',
  },
  roots: ['the service is stopped', 'the paths differ', 'PrivateTmp, or a mount of a container hides it'],
  remedies: [
    'Start the service; compare its listen path with the one in the configuration of the gateway.',
    'If the path is below /tmp: PrivateTmp gives each service its own /tmp; use /run.',
  ],
  elsewhere: { haproxy: '503 SC', envoy: '503 UF' },
  log: /^connect\(\) to unix:(?<path>.+?) failed \(2: No such file/,
  connectErrors: { unix: [2] },
};
