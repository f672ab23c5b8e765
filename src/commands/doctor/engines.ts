/** What can capture here: each way is tried, for a moment. */
import { safeName } from '../../sinks/safe-text.ts';
import { ENGINE_WORDS, type EngineOrder } from '../../sources/capture/engine/start.ts';
import { findProgram, programFolders } from '../../sources/capture/program.ts';
import type { Fact, Machine } from './machine.ts';

const GROUP = 'engines';
const KERNEL = 'kernel events';
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
  const { fact, said } = tried('why502-capture', machine, program, TRIAL);
  return [
    fact,
    tried('without triage', machine, program, ['--no-triage', ...TRIAL]).fact,
    ...(fact.has ? probeFacts(said) : []),
    ...packageFacts(machine),
  ];
}

/** The npm packages, of which none is needed where the program runs. */
function packageFacts(machine: Machine): Fact[] {
  return (['pcap', 'cap'] as const).map((engine) => {
    const order: EngineOrder = { engine, interfaces: ['lo'], ports: [], duration: '1ms', identity: undefined };
    const words = [...ENGINE_WORDS, JSON.stringify(order)];
    return tried(`--engine ${engine}`, machine, process.execPath, words, engine).fact;
  });
}

/** As `why502-capture` says it: a probe, the kernel's reason, and what is not known without it. */
const LOST_PROBE = /without the probe (\w+) \(([^)]*)\): it cannot be known (.+)$/gm;
/** .. and one that stands in for it. */
const OTHER_PROBE = /the probe (\w+) (instead of \w+ \([^)]*\): it looks at .+)$/gm;
const NO_PROBE = /the kernel cannot be asked \(([^)]*)\)/;
const SOME_RESETS = /does not tell of resets that no socket sends/;
/** With unix sockets, what gateways write is looked at. */
const UNIX = /unix sockets are watched too: .+$/m;
const LOG_PROBE = 'lines';
const LOG_LINES: Fact = {
  group: KERNEL,
  name: 'error log',
  has: true,
  says: "a gateway's lines about failures, while they go to a file or standard error; what goes to syslog only is not seen",
  remedy: '',
};

/** The rung *kernel*: what it can be asked. */
function probeFacts(said: string): Fact[] {
  const nothing = NO_PROBE.exec(said);
  if (nothing) {
    const remedy = 'Packets only: who did it cannot be known. It needs Linux 5.8 with BTF, CAP_BPF and CAP_PERFMON.';
    return [{ group: KERNEL, name: 'probes', has: false, says: safeName(nothing[1] ?? ''), remedy }];
  }
  const refused = [...said.matchAll(LOST_PROBE)];
  const lost = refused.map(([, name = '', why = '', what = '']): Fact => {
    const remedy = `Without it nobody knows ${safeName(what)}; the others go on. A newer kernel may have it.`;
    return { group: KERNEL, name: `probe ${name}`, has: false, says: safeName(why), remedy };
  });
  if (SOME_RESETS.test(said)) {
    const remedy = 'Whether a packet filter of this host made a reset is not known. Linux 6.10 and newer tell.';
    lost.push({ group: KERNEL, name: 'every reset', has: false, says: 'only those of sockets', remedy });
  }
  const instead = [...said.matchAll(OTHER_PROBE)].map(([, name = '', how = '']): Fact => {
    return { group: KERNEL, name: `probe ${safeName(name)}`, has: true, says: safeName(how), remedy: '' };
  });
  const unix = UNIX.exec(said)?.[0];
  const says = safeName(unix ?? 'every probe that is wanted is attached');
  const probes: Fact = { group: KERNEL, name: 'probes', has: true, says, remedy: '' };
  const readsLog = unix !== undefined && !refused.some(([, name]) => name === LOG_PROBE);
  return [
    ...lost,
    ...instead,
    ...(lost.length > 0 && unix === undefined ? [] : [probes]),
    ...(readsLog ? [LOG_LINES] : []),
  ];
}

interface Trial {
  readonly fact: Fact;
  readonly said: string;
}

function tried(name: string, machine: Machine, program: string, args: readonly string[], is = program): Trial {
  const { code, said } = machine.run(program, args);
  if (code === 0) {
    const fact: Fact = { group: GROUP, name, has: true, says: safeName(is), remedy: '', captures: true };
    return { fact, said };
  }
  const lines = said.split('\n').map((line) =>
    safeName(
      line
        .replace(/^why502(?:-capture|: --engine \w+): /, '')
        .trim()
        .replace(/\s+/g, ' '),
    ),
  );
  const [why = '', ...remedy] = lines.filter((line) => line !== '');
  const fact: Fact = {
    group: GROUP,
    name,
    has: false,
    says: why || 'it does not run here',
    remedy: remedy.join(' ') || 'sudo why502 doctor',
    captures: true,
  };
  return { fact, said };
}
