/** What can capture here: each way is tried, for a moment. */
import { safeName } from '../../sinks/safe-text.ts';
import { ENGINE_WORDS, type EngineOrder } from '../../sources/capture/engine/start.ts';
import { findProgram, programFolders } from '../../sources/capture/program.ts';
import type { Fact, Machine } from './machine.ts';

const GROUP = 'engines';
/** Everything that a run opens, and nothing that it writes. */
const TRIAL = ['--duration', '1ms', '-w', '/dev/null'];

export function engineFacts(
  machine: Machine,
  folders: readonly string[] = programFolders(machine.env['PATH']),
): Fact[] {
  const program = findProgram(folders);
  if (program === undefined) {
    const remedy = 'Build it: make -C native (needs clang, bpftool, libbpf-dev), or put it on the PATH';
    const missing = { group: GROUP, name: 'why502-capture', has: false, says: 'not there', remedy, captures: true };
    return [missing, ...packageFacts(machine)];
  }
  return [
    tried('why502-capture', machine, program, TRIAL),
    tried('without triage', machine, program, ['--no-triage', ...TRIAL]),
    ...packageFacts(machine),
  ];
}

/** The npm packages, of which none is needed where the program runs. */
function packageFacts(machine: Machine): Fact[] {
  return (['pcap', 'cap'] as const).map((engine) => {
    const order: EngineOrder = { engine, interfaces: ['lo'], ports: [], duration: '1ms', identity: undefined };
    return tried(`--engine ${engine}`, machine, process.execPath, [...ENGINE_WORDS, JSON.stringify(order)], engine);
  });
}

function tried(name: string, machine: Machine, program: string, args: readonly string[], is = program): Fact {
  const { code, said } = machine.run(program, args);
  if (code === 0) return { group: GROUP, name, has: true, says: safeName(is), remedy: '', captures: true };
  const lines = said.split('\n').map((line) =>
    safeName(
      line
        .replace(/^why502(?:-capture|: --engine \w+): /, '')
        .trim()
        .replace(/\s+/g, ' '),
    ),
  );
  const [why = '', ...remedy] = lines.filter((line) => line !== '');
  return {
    group: GROUP,
    name,
    has: false,
    says: why || 'it does not run here',
    remedy: remedy.join(' ') || 'sudo why502 doctor',
    captures: true,
  };
}
