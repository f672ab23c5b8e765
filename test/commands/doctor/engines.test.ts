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
  ]);
});

test('a program that is there is tried, with and without its filter', () => {
  writeFileSync(join(folder, 'why502-capture'), '', { mode: 0o755 });
  expect(engineFacts(machine(), [folder]).map(({ name, has }) => [name, has])).toEqual([
    ['why502-capture', true],
    ['without triage', true],
    ['probes', true],
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

test('which probes the kernel refused, and what is not known without them', () => {
  const probes = (said: string) => engineFacts(machine({ ran: { code: 0, said } }), [folder]).slice(2);
  const line =
    'why502-capture: without the probe answers (No such process): it cannot be known which 502 followed no failure';
  expect(probes(`why502-capture: capturing on lo\n${line}\n`)).toMatchObject([
    {
      group: 'kernel events',
      name: 'probe answers',
      has: false,
      says: 'No such process',
      remedy: expect.stringContaining('which 502 followed no failure'),
    },
  ]);
  expect(probes('why502-capture: the kernel cannot be asked (Operation not permitted): packets only\n')).toMatchObject([
    { name: 'probes', has: false, says: 'Operation not permitted' },
  ]);
  expect(probes('why502-capture: unix sockets are watched too: some 50 ns longer\n')).toMatchObject([
    { name: 'probes', has: true, says: 'unix sockets are watched too: some 50 ns longer' },
  ]);
});
