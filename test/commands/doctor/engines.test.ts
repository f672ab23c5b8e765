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
    ['probes', true],
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

test('which probes the kernel refused, and what is not known without them', () => {
  const probes = (said: string) => engineFacts(machine({ ran: { code: 0, said } }), [folder]).slice(2, -2);
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
  const other =
    'the probe calls instead of unix (No such process): it looks at the end of every system call, which costs more';
  const cost = 'unix sockets are watched too: every system call of this host takes some 50 ns longer';
  expect(probes(`why502-capture: ${cost}\nwhy502-capture: ${other}\n`)).toMatchObject([
    {
      name: 'probe calls',
      has: true,
      says: 'instead of unix (No such process): it looks at the end of every system call, which costs more',
    },
    { name: 'probes', has: true, says: cost },
    { name: 'error log' },
  ]);
  const older =
    'this kernel (before 6.10) does not tell of resets that no socket sends: whether a packet filter sent them';
  expect(probes(`why502-capture: capturing on lo\nwhy502-capture: ${older}\n`)).toMatchObject([
    { name: 'every reset', has: false, says: 'only those of sockets' },
  ]);
  expect(probes('why502-capture: the kernel cannot be asked (Operation not permitted): packets only\n')).toMatchObject([
    { name: 'probes', has: false, says: 'Operation not permitted' },
  ]);
  expect(probes('why502-capture: unix sockets are watched too: some 50 ns longer\n')[0]).toMatchObject({
    name: 'probes',
    has: true,
    says: 'unix sockets are watched too: some 50 ns longer',
  });
});

test('where log lines are seen, those that go to syslog are said not to be', () => {
  const errorLog = (...said: string[]) => {
    const ran = { code: 0, said: said.map((line) => `why502-capture: ${line}\n`).join('') };
    return engineFacts(machine({ ran }), [folder]).find(({ name }) => name === 'error log');
  };
  const watched = 'unix sockets are watched too: some 50 ns longer';
  expect(errorLog(watched)).toMatchObject({ has: true, says: expect.stringMatching(/syslog only is not seen$/) });
  expect(errorLog('capturing on lo')).toBeUndefined();
  const refused =
    'without the probe lines (No such process): it cannot be known what a gateway wrote into its error log';
  expect(errorLog(watched, refused)).toBeUndefined();
});
