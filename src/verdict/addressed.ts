/** Advice with the peer's own address in place of what the cause files write: whoever reads it at night copies the command. */
import type { Attempt } from '../model/incident.ts';
import type { Finding } from '../model/verdict.ts';

/** As cause files write what differs from peer to peer: `ADDRESS:PORT`, and its parts. */
const PLACES = /\b(?:PEER|ADDRESS|PORT|NAME)\b/g;
/** A name that the wire gave goes into a command only where it is nothing but a name. */
const HOST_NAME = /^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/i;

/** What is not known of the attempt's peer (a unix socket has no port) stays as it is written. */
export function addressed(finding: Finding, { peer, exchange }: Attempt): Finding {
  const name = exchange?.tls?.serverName ?? '';
  const known: Readonly<Record<string, string | false>> = {
    PEER: peer.port > 0 && peer.text,
    ADDRESS: !peer.text.startsWith('unix:') && peer.address,
    PORT: peer.port > 0 && String(peer.port),
    NAME: HOST_NAME.test(name) && name,
  };
  return { ...finding, advice: finding.advice.map((each) => each.replace(PLACES, (place) => known[place] || place)) };
}
