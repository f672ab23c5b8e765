import type { CauseFile } from '../cause-file.ts';

export const connectDenied: CauseFile = {
  cause: 'connect-denied',
  section: 'Connecting',
  title: "The gateway's own host forbids the connection",
  meaning: 'connect() was denied by a policy on the host of the gateway before any packet left.',
  recognised: {
    packets: 'none: a 502 without any upstream packet',
    kernel: 'connect() on an internet socket fails at once with 13 or 1',
    log: 'connect() to PEER failed (13: Permission denied) while connecting to upstream, at level crit',
  },
  roots: ['SELinux: httpd_can_network_connect is off', 'a prohibit route', 'a cgroup, BPF or container policy'],
  remedies: [
    'ausearch -m AVC -ts recent; if SELinux says so: setsebool -P httpd_can_network_connect on.',
    'ip route get ADDRESS: a "prohibit" route gives the same error.',
  ],
  elsewhere: { haproxy: '503 SC', envoy: '503 UF' },
  log: /^connect\(\) to (?!unix:)\S+ failed \((13|1): /,
  connectErrors: { tcp: [13, 1] },
};
