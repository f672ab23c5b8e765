/** Is the 502 that the client got the peer's own, or the gateway's page in its place? Read off both responses. */
import type { ResponseFacts } from '../model/exchange.ts';
import type { Wire } from './wire-facts.ts';

export type PassedOn = 'same' | 'replaced' | 'unclear';

/** Fields that every gateway writes anew, or that say nothing about where the body is from. */
export const GATEWAY_FIELDS: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'date',
  'keep-alive',
  'server',
  'status',
  'transfer-encoding',
  'via',
  'x-pad',
]);

export function passedOn(wire: Wire): PassedOn {
  const theirs = wire.exchange.response;
  const ours = wire.incident.exchange.response;
  if (!theirs?.head || !ours?.head || ours.status !== 502) return 'unclear';
  const type = mediaType(theirs);
  if (type !== '' && type !== mediaType(ours)) return 'replaced';
  const marks = theirs.fields.filter(({ name }) => isMark(name));
  if (marks.some((mark) => value(ours, mark.name) === mark.value)) return 'same';
  const expected = lengthOf(theirs);
  const got = lengthOf(ours);
  if (expected === undefined || got === undefined || wire.exchange.request?.method === 'HEAD') return 'unclear';
  if (expected !== got) return 'replaced';
  // Marks may have been hidden (proxy_hide_header); two nginx show the same page, octet for octet.
  return marks.length > 0 || /^nginx/.test(value(theirs, 'server') ?? '') ? 'unclear' : 'same';
}

function mediaType(response: ResponseFacts): string {
  return (value(response, 'content-type') ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
}

/** A field that only the application sets, and that passing on keeps. X-Accel-* is for the gateway itself. */
function isMark(name: string): boolean {
  const lower = name.toLowerCase();
  return lower !== 'content-type' && !GATEWAY_FIELDS.has(lower) && !lower.startsWith('x-accel-');
}

function value(response: ResponseFacts, name: string): string | undefined {
  const lower = name.toLowerCase();
  return response.fields.find((field) => field.name.toLowerCase() === lower)?.value;
}

/** Octets of the whole body, where it was seen to its end or its length was announced. */
function lengthOf(response: ResponseFacts): number | undefined {
  const announced = Number(value(response, 'content-length') ?? Number.NaN);
  if (Number.isSafeInteger(announced)) return announced;
  return response.how === 'complete' || response.how === 'closed' ? response.bodyOctets : undefined;
}
