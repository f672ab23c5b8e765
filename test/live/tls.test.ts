/** Clients that come by TLS: what they ask, and what they are answered, is read where the gateway reads and writes it. */
import { expect, test } from 'vitest';
import { scoreRun } from '../lab/score.ts';
import { labRun, why502 } from './lab-run.ts';
import { newStage } from './stage.ts';

const LIMIT_MS = 120_000;

/** Failures of every kind, and requests that go well; no peers, a failure that a retry hides, a peer's own 502. */
const SCENARIOS = [
  'http-ok',
  'http-large',
  'static',
  'refused',
  'refused-fastcgi',
  'close-on-accept',
  'invalid-header',
  'big-header',
  'tls-unverified',
  'unix-missing',
  'php-kill',
  'retry-refused',
  'own-502',
  'config-502',
];

test.each([
  ['tls', 'HTTP/1.1'],
  ['http2', 'HTTP/2.0'],
])(
  'every 502 inside TLS is told once, with its request and its attempts, and the kernel ties them: %s',
  async (clients, protocol) => {
    const words = ['--kernel', '--clients', clients, '--connections', '150', '--scenarios', SCENARIOS.join(',')];
    const { capture, truth, lines } = await labRun(newStage(), ...words);
    const { details, tcp, masked } = scoreRun(clients, truth, lines, true);
    expect(details).toEqual([]);
    expect(tcp.logged).toBeGreaterThan(50);
    expect(masked.logged).toBeGreaterThan(0);
    const told = lines.filter(({ type }) => type === 'incident');
    expect(new Set(told.flatMap(({ attempts }) => attempts.map(({ link }) => link)))).toEqual(new Set(['kernel']));
    expect(await why502('analyze', capture, '--format', 'ndjson')).toContain(`"protocol":"${protocol}","startedAt"`);
  },
  LIMIT_MS,
);
