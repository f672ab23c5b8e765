import type { CauseFile } from '../cause-file.ts';

export const unixSocketRefused: CauseFile = {
  cause: 'unix-socket-refused',
  section: 'Connecting',
  title: 'The unix socket file is left over: nobody listens',
  meaning: 'The socket file exists, but no process listens on it any more.',
  recognised: {
    packets: 'none: unix sockets leave no packets',
    kernel: 'connect() on a unix socket fails with 111',
    log: 'connect() to unix:PATH failed (111: Connection refused) while connecting to upstream',
  },
  roots: ['the service was killed and left its file behind', 'the service listens on another file of the same name'],
  remedies: ['Restart the service (it makes the file anew); ss -lxp | grep PATH shows whether somebody listens.'],
  elsewhere: { haproxy: '503 SC', envoy: '503 UF' },
  log: /^connect\(\) to unix:.+? failed \(111: /,
  connectErrors: { unix: [111] },
};
