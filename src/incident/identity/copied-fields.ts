/**
 * Header fields that a gateway hands on as they came, learned from attempts whose request is known: a browser's name, cookies,
 * a body's length. Where a target does not tell which of several requests an attempt was made for, they may.
 */
import type { RequestFacts } from '../../model/exchange.ts';
import type { Field } from '../../model/message.ts';

/** Gateways and fields remembered. */
export const FIELD_LIMIT = 4096;
/** Attempts by which a field must have been handed on before it is believed to be, always unchanged. */
const BELIEVED_AFTER = 5;
/** Attempts that are learned from one by one; later ones are sampled, for a gateway may be configured anew. */
const LEARNED_AT_FIRST = 200;
const SAMPLED = 32;
/** Fields looked at per request. */
const FIELDS_LOOKED_AT = 32;

interface Copying {
  copied: number;
  changed: number;
}

export class CopiedFields {
  readonly #copying = new Map<string, Copying>();
  #pairs = 0;

  /** `attempt` was made by `gateway` for `request`. */
  learn(gateway: string, request: RequestFacts, attempt: RequestFacts): void {
    if (this.#pairs++ > LEARNED_AT_FIRST && this.#pairs % SAMPLED > 0) return;
    const carried = valuesOf(attempt.fields);
    for (const [name, value] of valuesOf(request.fields)) {
      const key = `${gateway} ${name}`;
      let copying = this.#copying.get(key);
      if (!copying) {
        if (this.#copying.size >= FIELD_LIMIT) continue;
        copying = { copied: 0, changed: 0 };
        this.#copying.set(key, copying);
      }
      if (carried.get(name) === value) copying.copied++;
      else copying.changed++;
    }
  }

  /** Does `attempt` carry what `gateway` would have handed on of `request`? Nothing known speaks against it: yes. */
  agrees(gateway: string, request: RequestFacts, attempt: RequestFacts): boolean {
    const asked = valuesOf(request.fields);
    const carried = valuesOf(attempt.fields);
    for (const [name, value] of asked) if (this.#isCopied(gateway, name) && carried.get(name) !== value) return false;
    for (const name of carried.keys()) if (!asked.has(name) && this.#isCopied(gateway, name)) return false;
    return true;
  }

  #isCopied(gateway: string, name: string): boolean {
    const copying = this.#copying.get(`${gateway} ${name}`);
    return copying !== undefined && copying.changed === 0 && copying.copied >= BELIEVED_AFTER;
  }
}

/** By lower-case name; CGI parameters under the name of the field that they were made of. */
function valuesOf(fields: readonly Field[]): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const { name, value } of fields.slice(0, FIELDS_LOOKED_AT)) values.set(plainName(name), value);
  return values;
}

export function plainName(name: string): string {
  const plain = name.startsWith('HTTP_') ? name.slice(5) : name;
  return plain.replaceAll('_', '-').toLowerCase();
}
