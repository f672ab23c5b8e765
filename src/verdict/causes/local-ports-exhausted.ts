import type { CauseFile } from '../cause-file.ts';

export const localPortsExhausted: CauseFile = {
  cause: 'local-ports-exhausted',
  section: 'Connecting',
  title: 'No local port was left for this peer',
  meaning:
    'Every ephemeral port towards this peer was in use (mostly TIME-WAIT after short connections), so connect() failed before any packet left.',
  recognised: {
    packets: 'none for this request; very many short connections to the peer in the minute before',
    kernel: 'connect() fails at once with 99',
    log: 'connect() to PEER failed (99: Cannot assign requested address) while connecting to upstream, at level crit',
  },
  roots: ['a new connection for every request to one peer', 'a narrow net.ipv4.ip_local_port_range'],
  remedies: [
    'Keep connections alive: "keepalive 32;" in the upstream block, proxy_http_version 1.1, proxy_set_header Connection "".',
    'Widen net.ipv4.ip_local_port_range, set net.ipv4.tcp_tw_reuse=1, or give the peer more addresses.',
  ],
  elsewhere: { haproxy: '503 RC', envoy: '503 UF' },
  log: /^connect\(\) to \S+ failed \(99: Cannot assign requested address\)/,
  connectErrors: { tcp: [99] },
};
