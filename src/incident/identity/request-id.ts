/** The id that a client gave its request, where the gateway hands it on: header fields, or CGI parameters made of them. */
import type { RequestFacts } from '../../model/exchange.ts';
import { plainName } from './copied-fields.ts';

/** Fields that name one request; the first one found counts (W3C Trace Context 3.2, and what proxies agreed on). */
const ID_FIELDS: ReadonlySet<string> = new Set(['x-request-id', 'traceparent', 'x-correlation-id', 'x-amzn-trace-id']);
/** Shorter values are counters or names, not ids. */
const SHORTEST = 8;

export function requestIdOf(request: RequestFacts): string | undefined {
  if (!request.mayBearId) return undefined;
  for (const { name, value } of request.fields) {
    if (value.length < SHORTEST || !endsLikeOne(name)) continue;
    if (ID_FIELDS.has(plainName(name))) return value;
  }
  return undefined;
}

/** Few other names end in d or t. */
function endsLikeOne(name: string): boolean {
  const last = name.charCodeAt(name.length - 1) | 0x20;
  return last === 0x64 || last === 0x74;
}
