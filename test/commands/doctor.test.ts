import { expect, test } from 'vitest';
import { doctor } from '../../src/commands/doctor.ts';
import { EXIT } from '../../src/config.ts';
import { machine } from './doctor/machines.ts';
import { stage } from './kit/stage.ts';

const REFUSED = machine({
  ran: { code: 4, said: 'why502-capture: missing: CAP_NET_RAW.\n  sudo setcap x\n' },
  env: {},
});

test('facts are told by group, with yes or no, and the remedy of what is missing', async () => {
  const { world, written } = stage();
  await doctor({ format: 'text' }, world, machine({ files: { '/sys/kernel/btf/vmlinux': undefined } }));
  const text = written.join('');
  expect(text).toMatch(/^kernel\n {2}yes {2}version {8}6[.]1[.]0/);
  expect(text).toMatch(/^ {2}no {3}BTF +not there\n {22}A kernel with CONFIG_DEBUG_INFO_BTF/m);
  expect(text).toMatch(/^network\n {2}yes {2}interfaces +lo, eth0$/m);
});

test('JSON holds the same facts', async () => {
  const { world, written } = stage();
  await doctor({ format: 'json' }, world, machine());
  const found = JSON.parse(written.join(''));
  expect(found).toMatchObject({ schema: 1, version: '0.0.0' });
  expect(found.facts.map(({ name }: { name: string }) => name)).toContain('CAP_BPF');
});

test('where nothing can capture, the exit code says so', async () => {
  const { world, written } = stage();
  expect(await doctor({ format: 'text' }, world, REFUSED)).toBe(EXIT.refused);
  expect(written.join('')).toMatch(/Nothing can capture here/);
});
