import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { engineFacts } from '../../../src/commands/doctor/engines.ts';
import { machine } from './machines.ts';

const folder = mkdtempSync(join(tmpdir(), 'why502-engines-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('a program that is not there is told with how to build it', () => {
  expect(engineFacts(machine(), [folder])).toMatchObject([
    { name: 'why502-capture', has: false, captures: true, remedy: expect.stringContaining('make -C native') },
    { name: '--engine pcap', has: true, says: 'pcap' },
    { name: '--engine cap', has: true, says: 'cap' },
  ]);
});

test('a program that is there is tried, with and without its filter', () => {
  writeFileSync(join(folder, 'why502-capture'), '', { mode: 0o755 });
  expect(engineFacts(machine(), [folder]).map(({ name, has }) => [name, has])).toEqual([
    ['why502-capture', true],
    ['without triage', true],
    ['--engine pcap', true],
    ['--engine cap', true],
  ]);
  const said = 'why502-capture: missing: CAP_NET_RAW (to capture).\n  Either: sudo setcap x\n  or:     sudo y\n';
  expect(engineFacts(machine({ ran: { code: 4, said } }), [folder])[0]).toMatchObject({
    has: false,
    says: 'missing: CAP_NET_RAW (to capture).',
    remedy: 'Either: sudo setcap x or: sudo y',
  });
  const [silent] = engineFacts(machine({ ran: { code: -1, said: '' } }), [folder]);
  expect(silent).toMatchObject({ has: false, says: 'it does not run here' });
});

test('a package that is not installed is told with what installs it', () => {
  const said = 'why502: --engine pcap: the npm package pcap is not installed\n  npm install pcap\n';
  const [, pcap] = engineFacts(machine({ ran: { code: 4, said } }), [folder]).slice(1);
  expect(pcap).toMatchObject({ has: false, says: 'the npm package pcap is not installed', remedy: 'npm install pcap' });
});
