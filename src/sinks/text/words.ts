/** Small words of the text report. */
import type { ProtocolName } from '../../model/message.ts';

export const PROTOCOL_WORDS: Readonly<Record<ProtocolName, string>> = {
  'http/1': 'HTTP/1',
  fastcgi: 'FastCGI',
  uwsgi: 'uwsgi',
  scgi: 'SCGI',
  memcached: 'memcached',
  'http/2': 'HTTP/2',
  tls: 'TLS',
};

/** `48,211`. */
export function countText(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** `1 request`, `48,211 requests`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${countText(count)} ${count === 1 ? one : many}`;
}

/** What was left out of a live capture, and for whose sake; nothing where all of it is there. */
export function leftOutText(counters: Readonly<Record<string, number>>): string | undefined {
  const { 'kernel.leftOut': all = 0, 'kernel.leftOutBusyHost': busy = 0 } = counters;
  if (all === 0) return undefined;
  const reasons = [
    ...(busy > 0 ? ['the host had no processor time to spare'] : []),
    ...(busy < all ? ['the reader was too slow'] : []),
  ];
  return `${plural(all, 'good request')} left out: ${reasons.join(', ')}`;
}

/** `912 octets`, `1.2 GB`: sizes of files, in powers of ten as disks are sold. */
export function sizeText(octets: number): string {
  for (const [unit, size] of [
    ['GB', 1e9],
    ['MB', 1e6],
    ['kB', 1e3],
  ] as const) {
    if (octets >= size) return `${(octets / size).toFixed(octets < 10 * size ? 1 : 0)} ${unit}`;
  }
  return plural(octets, 'octet');
}

/** `0.08 %`; never a plain zero for something that happened. */
export function shareText(part: number, whole: number): string {
  const share = (100 * part) / Math.max(1, whole);
  if (share > 0 && share < 0.01) return 'under 0.01 %';
  return `${share.toFixed(share < 10 ? 2 : 1)} %`;
}
