/** What a capture without a 502 may mean: what could hide one is named, with its remedy. */
import type { RunFacts } from './sink.ts';
import { countText, plural } from './text/words.ts';

type Seen = Pick<RunFacts, 'frames' | 'requests' | 'counters'> & {
  /** Endpoints the user named as gateways; none: they are found. */
  readonly gateways: readonly string[];
};

/** Sentences, the most telling first. */
export function nothingFound(seen: Seen): string[] {
  if (seen.frames === 0) return ['The capture is empty: it holds no packets.'];
  if (seen.requests === 0) return [noRequest(seen), ...hiddenByTls(seen)];
  return ['No gateway in this capture answered a client with 502.', ...hiddenByTls(seen)];
}

function noRequest({ frames, counters, gateways }: Seen): string {
  const {
    'protocols.recognised.http/1': spoken = 0,
    'connections.lost': missing = 0,
    'wire.cut': cut = 0,
    'wire.shortened': shortened = 0,
  } = counters;
  const connections = plural(spoken, 'connection');
  if (spoken > 0 && gateways.length > 0) {
    return (
      `No request to ${gateways.join(', ')} was seen, but HTTP on ${connections}. ` +
      'Leave --gateway out, and the gateway is found in the traffic.'
    );
  }
  if (spoken > 0 && missing > 0) {
    return (
      `HTTP was seen on ${connections}, but no request with its answer: ${countText(missing)} octets are not in the ` +
      'capture, as where only one direction was captured. Capture both: without src or dst in the filter, with -i any.'
    );
  }
  if (spoken > 0) return `HTTP was seen on ${connections}, but no request with its answer.`;
  if (cut + shortened > 0) {
    return (
      `No HTTP request was seen: of ${countText(cut + shortened)} of ${plural(frames, 'frame')} only the beginning was ` +
      'captured. Capture whole packets: sudo tcpdump -i any -s 0 -w case.pcap.'
    );
  }
  return (
    `No HTTP request was seen in ${plural(frames, 'frame')}. Was it captured where clients reach the gateway in clear? ` +
    'A 502 inside TLS or HTTP/2 over TLS cannot be seen in packets.'
  );
}

/** What may have failed inside TLS, where the capture holds any. */
export function hiddenByTls({ counters }: Pick<Seen, 'counters'>): string[] {
  const {
    'protocols.recognised.tls': tls = 0,
    'incidents.unclaimed': unclaimed = 0,
    'incidents.veiled': veiled = 0,
  } = counters;
  if (tls === 0) return [];
  const failed = `${plural(unclaimed, 'attempt')} failed at peers for no request that could be read. `;
  const answered =
    `${plural(veiled, 'request')} inside TLS ${veiled === 1 ? 'was' : 'were'} answered right after an attempt had ` +
    'failed at a peer, most likely with a 502, and not counted above. ';
  return [
    `${veiled > 0 ? answered : unclaimed > 0 ? failed : ''}${plural(tls, 'connection')} spoke TLS, and a 502 inside is ` +
      'not seen in packets. On the gateway itself (nginx) sudo why502 reads what is said inside. Elsewhere its error log tells, or ' +
      'a capture where the same is said in clear.',
  ];
}

/** The same where some 502s were found, which look like all: only what is known to be hidden is worth a word. */
export function alsoHiddenByTls(seen: Pick<Seen, 'counters'>): string[] {
  const { 'incidents.unclaimed': unclaimed = 0, 'incidents.veiled': veiled = 0 } = seen.counters;
  return veiled + unclaimed > 0 ? hiddenByTls(seen) : [];
}
