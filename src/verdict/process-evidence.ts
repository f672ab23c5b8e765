/** What the kernel told of the peer's process, as evidence: a line an event. */
import type { AttemptWitness, Dropped, NotAccepting, Process, Signalled } from '../model/kernel-event.ts';
import type { Evidence } from '../model/verdict.ts';
import { errnoText } from './code-names.ts';
import { signalName } from './signal-names.ts';
import { kernel, octets } from './words.ts';

/** All of it, oldest first as far as one thing led to the next. */
export function evidenceOf(witness: AttemptWitness): readonly Evidence[] {
  const { exit, signals, orders, oom, notAccepting } = witness;
  const told: Evidence[] = notAccepting ? [starvedEvidence(notAccepting)] : [];
  // A process that signals itself got its order with that.
  for (const order of orders) if (!signals.includes(order)) told.push(kernel(order.moment, signalText(order)));
  if (oom) told.push(kernel(oom.moment, `the OOM killer chose ${nameOf(oom.victim)}`));
  for (const signal of signals) told.push(kernel(signal.moment, signalText(signal)));
  if (exit) told.push(kernel(exit.moment, exitText(exit.process, exit.death)));
  return [...told, ...closerEvidence(witness)];
}

function signalText({ signal, sender, target }: Signalled): string {
  return `${sender ? nameOf(sender) : 'the kernel'} sent ${signalName(signal)} to ${nameOf(target)}`;
}

function exitText(process: Process, { signal, code }: { readonly signal: number; readonly code: number }): string {
  return `${nameOf(process)} ${signal > 0 ? `was ended by ${signalName(signal)}` : `exited with code ${code}`}`;
}

/** What the peer's process did to the connection; none where the kernel did not tell. */
export function closerEvidence(witness: AttemptWitness | undefined): readonly Evidence[] {
  const closer = witness?.closer;
  return closer ? [kernel(closer.moment, closerText(closer))] : [];
}

function closerText(closer: NonNullable<AttemptWitness['closer']>): string {
  const who = closer.process ? nameOf(closer.process) : "the peer's host";
  const dying = closer.death ? ', dying' : '';
  if (closer.kind === 'peer-closed') return `${who} closed the connection${dying}`;
  const why = closer.reason === '' ? '' : ` (${closer.reason})`;
  const unread = closer.unread ? `, ${octets(closer.unread)} unread` : '';
  return `${who} reset the connection${why}${unread}${dying}${closer.accepted ? '' : '; it was never accepted'}`;
}

export function starvedEvidence(event: NotAccepting): Evidence {
  return kernel(event.moment, `${nameOf(event.process)} could not accept a connection: ${errnoText(event.errno)}`);
}

export function dropText({ ends, reason }: Dropped): string {
  return `this host dropped a segment ${ends.remote} -> ${ends.local}: ${reason}`;
}

/** `php-fpm8.2 4211`, capitalised by nobody: it is a name. */
export function nameOf({ id, name }: Process): string {
  return `${name} ${id}`;
}
