import type { CauseFile } from '../cause-file.ts';

export const proxyBindFailed: CauseFile = {
  cause: 'proxy-bind-failed',
  section: 'Neighbours: not a 502',
  title: 'The gateway could not bind its own address',
  meaning: 'bind() for proxy_bind failed, so no peer was asked. nginx answers 500, not 502.',
  recognised: {
    packets: 'a 500 without any upstream packet',
    kernel: 'bind() gives -99 or -13',
    log: 'bind(ADDR) failed (99: Cannot assign requested address)',
  },
  roots: ['proxy_bind with an address that the host does not have', 'the ports of that address are used up'],
  remedies: ['ip -br addr: give the host that address, or take proxy_bind out.'],
  log: /^bind\(.*\) failed/,
};
