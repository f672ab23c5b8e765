/**
 * The filter's small language: words that must all be found, each free text or `key:value`; `-` before a word turns it
 * round. `cause:reset peer:9000 path:/checkout status:504 conf:certain`. Case does not matter.
 */
import type { EntryWords } from './entry.ts';

const KEYS: Readonly<Record<string, (words: EntryWords) => string>> = {
  cause: ({ cause, subcause, plain }) => `${cause} ${subcause} ${plain}`,
  peer: ({ peer }) => peer,
  path: ({ target }) => target,
  method: ({ method }) => method,
  host: ({ host }) => host,
  client: ({ client }) => client,
  status: ({ status }) => String(status),
  conf: ({ confidence }) => confidence,
  by: ({ by, process }) => `${by} ${process}`,
};

export const FILTER_KEYS: readonly string[] = Object.keys(KEYS);

interface Term {
  readonly negated: boolean;
  readonly text: (words: EntryWords) => string;
  readonly value: string;
}

export type Filter = (words: EntryWords) => boolean;

export function filterOf(text: string): Filter {
  const terms = termsOf(text);
  return (words) =>
    terms.every(({ negated, text: part, value }) => part(words).toLowerCase().includes(value) !== negated);
}

/** Words; blanks inside double quotes belong to the word. */
function termsOf(text: string): Term[] {
  return (text.match(/(?:[^\s"]|"[^"]*"?)+/g) ?? [])
    .map((word) => word.replaceAll('"', '').toLowerCase())
    .map(termOf)
    .filter(({ value }) => value !== '');
}

function termOf(word: string): Term {
  const negated = word.startsWith('-') && word.length > 1;
  const rest = negated ? word.slice(1) : word;
  const colon = rest.indexOf(':');
  // What is no key is text: `127.0.0.1:9000`.
  const key = colon > 0 ? KEYS[rest.slice(0, colon)] : undefined;
  return key ? { negated, text: key, value: rest.slice(colon + 1) } : { negated, text: allText, value: rest };
}

function allText({ method, target, host, client, peer, cause, plain, process, confidence }: EntryWords): string {
  return [method, target, host, client, peer, cause, plain, process, confidence].join(' ');
}
