/** What a capture holds, as why502's own reader, tshark and tcpdump see it. */
import { execFileSync } from 'node:child_process';
import { expect } from 'vitest';
import { type CaptureSummary, readCapture } from '../../src/sources/capture-file.ts';

const LARGEST = 1 << 28;

export interface Captured extends CaptureSummary {
  /** Octets of packets. */
  readonly held: number;
}

export async function captured(file: string): Promise<Captured> {
  let held = 0;
  const summary = await readCapture(file, {
    frame: ({ octets }) => {
      held += octets.end - octets.start;
    },
    journal: () => {},
    loss: () => {},
  });
  if (summary.kind === 'failure') throw new Error(`${file}: ${summary.cause}`);
  return { ...summary, held };
}

/** What tshark sees, a line a packet, in an order that does not depend on the clock of the capture. */
export function rows(file: string, filter: string, fields: readonly string[]): string[] {
  const words = ['-r', file, '-Y', filter, '-T', 'fields', ...fields.flatMap((field) => ['-e', field])];
  const said = execFileSync('tshark', words, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    maxBuffer: LARGEST,
  });
  return said === '' ? [] : said.trimEnd().split('\n').toSorted();
}

/** tshark and tcpdump read it to its end, and neither complains. */
export function expectReadable(file: string): void {
  for (const [command, args] of [
    ['tshark', ['-r', file]],
    ['tcpdump', ['-nr', file]],
  ] as const) {
    const shell = ['-c', 'exec "$0" "$@" 2>&1 >/dev/null', command, ...args];
    const said = execFileSync('sh', shell, { encoding: 'utf8' });
    expect(said.replace(/^(reading from file|Running as user) .*\n/gm, ''), `${command} of ${file}`).toBe('');
  }
}
