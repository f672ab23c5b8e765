/** The kernel: its version, BTF, and whether BPF is compiled at once. */
import type { Fact, Machine } from './machine.ts';

/** Bounded loops in BPF, and CAP_BPF. */
const FILTER_NEEDS = [5, 8] as const;
const GROUP = 'kernel';

export function kernelFacts(machine: Machine): Fact[] {
  const { platform, kernel } = machine;
  if (platform !== 'linux') {
    const remedy = 'Capture on the gateway (why502-capture, or tcpdump) and read it here: why502 FILE';
    return [{ group: GROUP, name: 'Linux', has: false, says: `this is ${platform}`, remedy }];
  }
  return [version(kernel), btf(machine), jit(machine), lockdown(machine)];
}

function version(kernel: string): Fact {
  const [major = 0, minor = 0] = kernel.split(/[.-]/).map(Number);
  const has = major > FILTER_NEEDS[0] || (major === FILTER_NEEDS[0] && minor >= FILTER_NEEDS[1]);
  const remedy = has ? '' : 'The triage filter needs Linux 5.8: sudo why502-capture --no-triage | why502 -';
  return { group: GROUP, name: 'version', has, says: kernel, remedy };
}

function btf({ text }: Machine): Fact {
  const has = text('/sys/kernel/btf/vmlinux') !== undefined;
  const remedy = has ? '' : 'A kernel with CONFIG_DEBUG_INFO_BTF=y has it; packets are captured without it.';
  return { group: GROUP, name: 'BTF', has, says: has ? '/sys/kernel/btf/vmlinux' : 'not there', remedy };
}

function jit({ text }: Machine): Fact {
  // Only root may read it; a kernel that always compiles has no such file.
  const says = text('/proc/sys/net/core/bpf_jit_enable')?.trim();
  const has = says !== '0';
  const remedy = has ? '' : 'Filters are slow until they are compiled: sudo sysctl net.core.bpf_jit_enable=1';
  return { group: GROUP, name: 'BPF compiler', has, says: has ? 'on' : 'off', remedy };
}

function lockdown({ text }: Machine): Fact {
  const [, mode = 'not told'] = /\[(\w+)\]/.exec(text('/sys/kernel/security/lockdown') ?? '') ?? [];
  const has = mode !== 'confidentiality';
  const remedy = has ? '' : 'BPF may not read kernel memory: boot without lockdown=confidentiality';
  return { group: GROUP, name: 'lockdown', has, says: mode, remedy };
}
