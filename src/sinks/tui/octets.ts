/** What was said on the wire, decoded: heads and parameters as they came, secrets masked, with the octets that broke a rule. */
import type { Exchange } from '../../model/exchange.ts';
import type { Field } from '../../model/message.ts';
import type { Verdict } from '../../model/verdict.ts';
import { safeText } from '../safe-text.ts';
import type { Mask } from '../secrets.ts';
import { PROTOCOL_WORDS, plural } from '../text/words.ts';
import { BLANK, type Line, line, span, wrapped } from './frame.ts';

/** Octets of a hex dump in a line. */
const PER_LINE = 16;

export function octetLines({ incident, attempts }: Verdict, at: number, mask: Mask, width: number): Line[] {
  const chosen = attempts[Math.min(at, attempts.length - 1)];
  const lines: Line[] = [title(`Client to gateway: ${incident.exchange.client.text} -> ${incident.gateway.text}`)];
  lines.push(...exchangeLines(incident.exchange, mask, width), BLANK);
  if (!chosen) return [...lines, line(span(' No attempt is known.', 'quiet'))];
  const { attempt } = chosen;
  lines.push(title(`Attempt ${attempt.n} of ${attempts.length}: gateway to ${attempt.peer.text}`));
  if (!attempt.exchange) return [...lines, line(span(' No connection was made.', 'quiet'))];
  return [...lines, ...exchangeLines(attempt.exchange, mask, width)];
}

function title(text: string): Line {
  return line(span(` ${text}`, 'accent'));
}

function exchangeLines(exchange: Exchange, mask: Mask, width: number): Line[] {
  const { request, response, protocol, stderr, endRequest, faults, clientOctets, serverOctets } = exchange;
  const lines: Line[] = [];
  const name = protocol ? PROTOCOL_WORDS[protocol] : 'no protocol recognised';
  lines.push(
    line(span(`   ${name}: ${plural(clientOctets, 'octet')} sent, ${plural(serverOctets, 'octet')} received`, 'quiet')),
  );
  const say = (text: string, indent = 3): void => {
    for (const part of wrapped(safeText(text), width - indent - 2)) lines.push(line(' '.repeat(indent) + part));
  };
  const isCgi = protocol === 'fastcgi' || protocol === 'uwsgi' || protocol === 'scgi';
  if (request) {
    if (isCgi) lines.push(head(protocol === 'fastcgi' ? 'BEGIN_REQUEST, PARAMS' : 'variables'));
    else say(`${mask.text(request.method)} ${mask.target(request.target)} ${request.version}`);
    for (const field of request.fields) say(fieldText(field, mask), isCgi ? 5 : 3);
    if (protocol === 'fastcgi' && request.end) lines.push(head('STDIN, end'));
  }
  if (stderr !== '') {
    lines.push(head('STDERR'));
    for (const text of stderr.split('\n')) say(mask.text(text), 5);
  }
  if (response) {
    lines.push(BLANK);
    if (response.head) say(`${response.version} ${response.status}`.trim());
    else lines.push(line(span('   the response has no complete header', 'warn')));
    for (const field of response.fields) say(fieldText(field, mask), isCgi ? 5 : 3);
  } else lines.push(line(span('   no octets of a response', 'warn')));
  if (endRequest) {
    lines.push(head(`END_REQUEST  appStatus ${endRequest.appStatus}  protocolStatus ${endRequest.protocolStatus}`));
  }
  for (const { name: fault, detail, sample } of faults) {
    lines.push(line(span(`   ${fault}${detail === '' ? '' : `: ${detail}`}`, 'bad')));
    // Masked text has other offsets than the octets: what is masked is shown as text only.
    if (mask.text(sample) === sample) lines.push(...dump(sample));
    else say(mask.text(sample), 5);
  }
  return lines;
}

function head(text: string): Line {
  return line(span(`   ${text}`, 'accent'));
}

function fieldText({ name, value }: Field, mask: Mask): string {
  return mask.text(`${name}: ${value}`);
}

/** Octets as latin1 -> hex and text, sixteen a line. */
function dump(latin1: string): Line[] {
  const lines: Line[] = [];
  for (let at = 0; at < latin1.length; at += PER_LINE) {
    const part = latin1.slice(at, at + PER_LINE);
    const hex = Array.from(part, (sign) => sign.charCodeAt(0).toString(16).padStart(2, '0')).join(' ');
    const text = part.replace(/[^\x20-\x7e]/g, '.');
    const offset = at.toString(16).padStart(4, '0');
    lines.push(line(span(`     ${offset}  `, 'quiet'), hex.padEnd(PER_LINE * 3 + 1), text));
  }
  return lines;
}
