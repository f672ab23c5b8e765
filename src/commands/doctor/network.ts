/** What there is to capture: interfaces that carry IP, and gateways that listen. */
import { gatewayLines } from '../../sinks/gateways-text.ts';
import { safeName } from '../../sinks/safe-text.ts';
import { knownGateways } from '../gateways.ts';
import type { Fact, Machine } from './machine.ts';

const GROUP = 'network';

export function networkFacts(machine: Machine): Fact[] {
  const interfaces = Object.entries(machine.interfaces());
  const up: Fact = {
    group: GROUP,
    name: 'interfaces',
    has: interfaces.length > 0,
    says: interfaces.length > 0 ? interfaces.map(([name]) => safeName(name)).join(', ') : 'none is up and carries IP',
    remedy: interfaces.length > 0 ? '' : 'Bring one up: sudo ip link set lo up',
  };
  return [up, ...gatewayFacts(machine)];
}

function gatewayFacts(machine: Machine): Fact[] {
  const all = machine.listeners();
  const found = gatewayLines(knownGateways(all));
  if (found.length > 0) return found.map((says) => ({ group: GROUP, name: 'gateway', has: true, says, remedy: '' }));
  const seen = all.some(({ processes }) => processes.length > 0);
  const says = all.length === 0 ? 'nothing listens on TCP here' : 'none that is known by its name listens here';
  const remedy =
    all.length > 0 && !seen && machine.uid !== 0
      ? 'Whose listeners they are is told to root only: sudo why502 doctor'
      : 'Gateways are found in the traffic all the same; name one: sudo why502 --gateway NAME';
  return [{ group: GROUP, name: 'gateway', has: false, says, remedy }];
}
