import type { CauseFile } from '../cause-file.ts';

export const unixSocketDenied: CauseFile = {
  cause: 'unix-socket-denied',
  section: 'Connecting',
  title: 'The gateway may not open the unix socket',
  meaning: 'The socket is there, but its mode, a directory above it, or a policy keeps the workers of the gateway out.',
  recognised: {
    packets: 'none: unix sockets leave no packets',
    kernel: 'connect() on a unix socket fails with 13',
    log: 'connect() to unix:PATH failed (13: Permission denied) while connecting to upstream, at level crit',
  },
  roots: ['listen.owner, listen.group or listen.mode', 'a directory without the x bit', 'SELinux'],
  remedies: [
    'namei -l PATH: every directory needs x, the socket rw, for the user of the gateway. Set listen.owner and listen.group.',
    'If the modes are right: ausearch -m AVC -ts recent.',
  ],
  elsewhere: { haproxy: '503 SC', envoy: '503 UF' },
  log: /^connect\(\) to unix:.+? failed \(13: /,
  connectErrors: { unix: [13] },
};
