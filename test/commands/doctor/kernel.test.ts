import { expect, test } from 'vitest';
import { kernelFacts } from '../../../src/commands/doctor/kernel.ts';
import { machine } from './machines.ts';

test('a kernel of today has everything', () => {
  expect(kernelFacts(machine()).map(({ name, has }) => [name, has])).toEqual([
    ['version', true],
    ['BTF', true],
    ['BPF compiler', true],
    ['lockdown', true],
  ]);
});

test.each([
  ['version', machine({ kernel: '5.4.0-1' }), '--no-triage'],
  ['BTF', machine({ files: { '/sys/kernel/btf/vmlinux': undefined } }), 'CONFIG_DEBUG_INFO_BTF'],
  ['BPF compiler', machine({ files: { '/proc/sys/net/core/bpf_jit_enable': '0\n' } }), 'sysctl'],
  ['lockdown', machine({ files: { '/sys/kernel/security/lockdown': 'none [confidentiality]' } }), 'lockdown'],
  ['Linux', machine({ platform: 'darwin' }), 'why502 FILE'],
])('without %s there is a remedy', (name, of, remedy) => {
  const missing = kernelFacts(of).filter(({ has }) => !has);
  expect(missing).toMatchObject([{ name, remedy: expect.stringContaining(remedy) }]);
});
