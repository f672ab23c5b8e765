/** The lab's two network namespaces, made for one run and deleted after it. Needs root. */
import { execFileSync } from 'node:child_process';
import { FAR_ADDRESS, FAR_ADDRESS_6, FAR_PORT, FILTERED_PORT, GATEWAY_ADDRESS, GATEWAY_ADDRESS_6 } from './places.ts';

export interface Namespaces {
  readonly gateway: string;
  readonly far: string;
  remove(): void;
}

const run = (command: string, ...args: readonly string[]) =>
  execFileSync(command, args, { stdio: ['ignore', 'pipe', 'pipe'], encoding: 'utf8' });

/** The command that runs a program inside a namespace. */
export function inside(namespace: string, command: string, args: readonly string[]): [string, string[]] {
  return ['nsenter', [`--net=/run/netns/${namespace}`, command, ...args]];
}

/** Makes `w502-<pid>-gw` and `w502-<pid>-far`, joined by a veth pair. */
export function makeNamespaces(): Namespaces {
  const gateway = `w502-${process.pid}-gw`;
  const far = `w502-${process.pid}-far`;
  const remove = () => {
    for (const name of [gateway, far])
      try {
        run('ip', 'netns', 'delete', name);
      } catch {
        // It was never made, or is gone already.
      }
  };
  const ip = (namespace: string, words: string) => run('ip', '-n', namespace, ...words.split(' '));
  const sysctl = (namespace: string, setting: string) => {
    const [command, args] = inside(namespace, 'sysctl', ['-qw', setting]);
    run(command, ...args);
  };
  try {
    run('ip', 'netns', 'add', gateway);
    run('ip', 'netns', 'add', far);
    run('ip', 'link', 'add', 'g0', 'netns', gateway, 'type', 'veth', 'peer', 'name', 'f0', 'netns', far);
    for (const [namespace, link, address, address6] of [
      [gateway, 'g0', GATEWAY_ADDRESS, GATEWAY_ADDRESS_6],
      [far, 'f0', FAR_ADDRESS, FAR_ADDRESS_6],
    ] as const) {
      ip(namespace, 'link set lo up');
      ip(namespace, `address add ${address}/24 dev ${link}`);
      ip(namespace, `address add ${address6}/64 dev ${link} nodad`);
      ip(namespace, `link set ${link} up`);
    }
    ip(gateway, `route add 10.78.0.0/24 via ${FAR_ADDRESS}`);
    ip(gateway, 'route add prohibit 10.79.0.0/24');
    ip(gateway, 'route add blackhole 10.80.0.0/24');
    ip(gateway, 'route add unreachable 10.81.0.0/24');
    // Rejected on the way: the kernel's own errors for a route are limited to a few a second.
    ip(far, 'route add 10.78.0.0/24 dev f0');
    // So that a dead host is given up before its SYNs are, and a dead path before the run ends.
    sysctl(gateway, 'net.ipv4.neigh.g0.retrans_time_ms=500');
    sysctl(gateway, 'net.ipv4.tcp_syn_retries=1');
    sysctl(gateway, 'net.ipv4.tcp_retries2=3');
    sysctl(far, 'net.ipv4.ip_forward=1');
    // Every rejected SYN gets its ICMP answer.
    sysctl(far, 'net.ipv4.icmp_ratelimit=0');
    for (const [namespace, rules] of [
      [far, FIREWALL],
      [gateway, LOCAL_FIREWALL],
    ] as const) {
      const [command, args] = inside(namespace, 'nft', [rules]);
      run(command, ...args);
    }
  } catch (error) {
    remove();
    throw error;
  }
  return { gateway, far, remove };
}

const LOCAL_FIREWALL = `add table inet lab
add chain inet lab input { type filter hook input priority 0; }
add rule inet lab input tcp dport ${FILTERED_PORT} tcp flags & psh == psh reject with tcp reset`;

const FIREWALL = `add table inet lab
add chain inet lab input { type filter hook input priority 0; }
add rule inet lab input tcp dport ${FAR_PORT.rejectReset} reject with tcp reset
add rule inet lab input tcp dport ${FAR_PORT.rejectIcmp} reject with icmpx port-unreachable
add rule inet lab input tcp dport ${FAR_PORT.rejectAdmin} reject with icmpx admin-prohibited
add rule inet lab input tcp dport ${FAR_PORT.drop} drop
add chain inet lab forward { type filter hook forward priority 0; }
add rule inet lab forward ip daddr 10.78.0.0/25 reject with icmp host-unreachable
add rule inet lab forward ip daddr 10.78.0.128/25 reject with icmp admin-prohibited
add rule inet lab input tcp dport ${FAR_PORT.muteAfterSyn} tcp flags & (syn | ack) == ack drop`;
