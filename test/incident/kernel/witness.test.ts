import { expect, test } from 'vitest';
import { Witness } from '../../../src/incident/kernel/witness.ts';
import { exchange, moment } from '../../kit/incidents.ts';
import { exited, oomVictim, resetSent, signalled } from '../../kit/kernel-events.ts';

test('what happened to processes is known of an attempt; nothing before the kernel was asked', () => {
  const witness = new Witness();
  const tried = exchange({ server: 'rst' });
  const events = [signalled(0.4), oomVictim(0.4), exited(0.5), resetSent(0.6)];
  for (const event of events) witness.witnessed(event);
  expect(witness.processes.witnessOf(tried, undefined)).toBeUndefined();
  witness.witnessed({ kind: 'witness', moment: moment(0), probes: ['resets'], everyReset: true });
  expect(witness.processes.witnessOf(tried, undefined)).toMatchObject({
    closer: { kind: 'reset-sent' },
    exit: { kind: 'exited' },
    signals: [{ signal: 9 }],
    oom: { kind: 'oom-victim' },
  });
});
