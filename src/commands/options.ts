/** Options that several commands have, and the readers of their values. */
import type { Given, OptionSpec, UsageError } from './command.ts';

export type ColourWish = 'always' | 'never' | 'auto';

export const COLOUR_OPTIONS: Readonly<Record<'color' | 'no-color', OptionSpec>> = {
  color: { type: 'string', value: 'WHEN', help: 'always, never or auto (a terminal without NO_COLOR)' },
  'no-color': { type: 'boolean', help: 'the same as --color never' },
};
export const HELP: OptionSpec = { type: 'boolean', short: 'h', help: 'this text' };

export function colourOf(values: Given['values']): ColourWish | UsageError {
  const colour = values['no-color'] === true ? 'never' : (values['color'] ?? 'auto');
  if (colour === 'always' || colour === 'never' || colour === 'auto') return colour;
  return { wrong: `--color ${colour}: no such choice`, remedy: 'It is always, never or auto.' };
}

/** The values of an option that may be repeated. */
export function listOf(values: Given['values'], name: string): readonly string[] {
  return (values[name] ?? []) as readonly string[];
}

/** An address and port as endpoints are printed; `undefined` where it is neither IPv4 nor bracketed IPv6 with a port. */
export function maybeEndpoint(text: string): string | undefined {
  const split = text.lastIndexOf(':');
  const [address, port] = [text.slice(0, split), Number(text.slice(split + 1))];
  if (split < 1 || !/:\d{1,5}$/.test(text) || port < 1 || port > 65_535) return undefined;
  if (/^\d{1,3}(?:\.\d{1,3}){3}$/.test(address)) {
    const octets = address.split('.').map(Number);
    return octets.every((octet) => octet <= 255) ? `${octets.join('.')}:${port}` : undefined;
  }
  if (!/^\[[0-9a-f:.]+\]$/i.test(address)) return undefined;
  try {
    // The URL standard writes IPv6 as RFC 5952 does.
    return `${new URL(`http://${address}/`).hostname}:${port}`;
  } catch {
    return undefined;
  }
}
