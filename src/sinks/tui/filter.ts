/**
 * The filter's small language: words that must all be found, each free text or `key:value`; `-` before a word turns it
 * round. `cause:reset peer:9000 path:/checkout status:504 conf:certain`. Case does not matter.
 */
import type { EntryWords } from './entry.ts';

const KEYS: Readonly<Record<string, (words: EntryWords) => string>> = {
  cause: ({ cause, subcause, parts }) => `${cause} ${subcause} ${parts.join('')}`,
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

/** Keys whose values are few. */
const VALUES: Readonly<Record<string, { readonly fits: (value: string) => boolean; readonly told: string }>> = {
  conf: {
    fits: (value) => ['certain', 'likely', 'possible'].some((one) => one.includes(value)),
    told: 'certain, likely or possible',
  },
  status: { fits: (value) => /^\d+$/.test(value), told: 'a number, as 502' },
};

/** What is wrong with it, and what would be right. */
export function filterProblem(text: string): string | undefined {
  for (const word of wordsIn(text)) {
    const [, key = '', value = ''] = /^-?([a-z]+):(.+)$/.exec(word) ?? [];
    if (key === '') continue;
    // `localhost:9000` and `http://shop` are text.
    if (!Object.hasOwn(KEYS, key) && !/^(?:\d+$|\/\/)/.test(value))
      return `${key}: is no key; there are ${FILTER_KEYS.join(', ')}`;
    const few = Object.hasOwn(VALUES, key) ? VALUES[key] : undefined;
    if (few && !few.fits(value)) return `${key}: wants ${few.told}`;
  }
  return undefined;
}

/** Words; blanks inside double quotes belong to the word. */
function wordsIn(text: string): string[] {
  return text.toLowerCase().match(/(?:[^\s"]|"[^"]*"?)+/g) ?? [];
}

function termsOf(text: string): Term[] {
  return wordsIn(text)
    .map((word) => termOf(word.replaceAll('"', '')))
    .filter(({ value }) => value !== '');
}

function termOf(word: string): Term {
  const negated = word.startsWith('-') && word.length > 1;
  const rest = negated ? word.slice(1) : word;
  const colon = rest.indexOf(':');
  // What is no key is text: `127.0.0.1:9000`.
  const name = rest.slice(0, Math.max(0, colon));
  const key = Object.hasOwn(KEYS, name) ? KEYS[name] : undefined;
  return key ? { negated, text: key, value: rest.slice(colon + 1) } : { negated, text: allText, value: rest };
}

function allText({ method, target, host, client, peer, cause, parts, process, confidence }: EntryWords): string {
  return [method, target, host, client, peer, cause, parts.join(''), process, confidence].join(' ');
}
