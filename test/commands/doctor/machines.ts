/** Machines that are not there. */
import type { Machine, Ran } from '../../../src/commands/doctor/machine.ts';
import { endpoint } from '../../../src/model/endpoint.ts';

/** All capabilities. */
const ROOT = 'CapEff:\t000001ffffffffff\n';
const FILES: Readonly<Record<string, string>> = {
  '/sys/kernel/btf/vmlinux': 'BTF',
  '/proc/self/status': ROOT,
  '/proc/sys/net/core/bpf_jit_enable': '1\n',
  '/sys/kernel/security/lockdown': 'none [integrity] confidentiality\n',
};

export function machine(
  over: Partial<Machine> & { readonly files?: Readonly<Record<string, string | undefined>>; readonly ran?: Ran } = {},
): Machine {
  const files: Readonly<Record<string, string | undefined>> = { ...FILES, ...over.files };
  return {
    platform: 'linux',
    kernel: '6.1.0-13-amd64',
    uid: 0,
    env: {},
    text: (path) => files[path],
    run: () => over.ran ?? { code: 0, said: '' },
    interfaces: () => ({ lo: ['127.0.0.1'], eth0: ['10.0.0.5'] }),
    listeners: () => [{ at: endpoint('0.0.0.0', 80), processes: [{ pid: 7, name: 'nginx' }] }],
    ...over,
  };
}
