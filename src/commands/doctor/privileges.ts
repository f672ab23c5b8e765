/** Who this is, and which capabilities that comes with. */
import type { Fact, Machine } from './machine.ts';

const GROUP = 'privileges';
/** Numbers of include/uapi/linux/capability.h, and what each is for. */
const NEEDED = [
  ['CAP_NET_RAW', 13n, 'to capture'],
  ['CAP_BPF', 39n, 'to triage in the kernel'],
  ['CAP_PERFMON', 38n, 'so that the kernel accepts the triage filter'],
] as const;
/** It stands for the two younger ones. */
const CAP_SYS_ADMIN = 21n;

export function privilegeFacts({ text, uid }: Machine): Fact[] {
  const [, hex = '0'] = /^CapEff:\s*([0-9a-f]+)$/m.exec(text('/proc/self/status') ?? '') ?? [];
  const held = BigInt(`0x${hex}`);
  const admin = ((held >> CAP_SYS_ADMIN) & 1n) === 1n;
  const who: Fact = {
    group: GROUP,
    name: 'user',
    has: true,
    says: uid === 0 ? 'root' : `uid ${uid ?? '?'}`,
    remedy: '',
  };
  const facts = NEEDED.map(([name, bit, what]): Fact => {
    const has = ((held >> bit) & 1n) === 1n || (admin && name !== 'CAP_NET_RAW');
    const remedy = has ? '' : `Needed ${what}, unless the capture program has it of its own (setcap): sudo why502`;
    return { group: GROUP, name, has, says: has ? what : 'not held', remedy };
  });
  return [who, ...facts];
}
