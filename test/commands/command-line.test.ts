import { expect, test } from 'vitest';
import { isUsageError } from '../../src/commands/command.ts';
import { commandLine, unknownOption } from '../../src/commands/command-line.ts';
import { EXIT } from '../../src/config.ts';
import { stage } from './kit/stage.ts';

/** What these words print in a world whose only file is `a.pcap`; for runs that need no file. */
async function printed(...argv: string[]): Promise<string> {
  const run = commandLine(argv, (path) => path === 'a.pcap');
  if (isUsageError(run)) return expect.fail(run.wrong);
  const { world, written } = stage();
  expect(await run(world)).toBe(EXIT.done);
  return written.join('');
}

test('the version is that of the world', async () => {
  for (const word of ['--version', '-V']) expect(await printed(word)).toBe('why502 0.0.0\n');
});

test('help of the program, and of a command in either order', async () => {
  for (const word of ['--help', '-h', 'help']) expect(await printed(word)).toMatch(/^why502 - why/);
  for (const words of [
    ['help', 'explain'],
    ['explain', '--help'],
    ['explain', '-h'],
  ]) {
    expect(await printed(...words)).toMatch(/^why502 explain CAUSE/);
  }
  expect(await printed('-h', 'live')).toMatch(/^why502 \[live\]/);
});

test.each([
  [['analyse'], 'Did you mean: why502 analyze?'],
  [['help', 'analyse'], 'Did you mean: why502 help analyze?'],
  [['help', 'stale-keepalive'], 'All commands: why502 --help'],
  [['record', '-o'], 'See: why502 record --help'],
  [['a.pcap', '--formt', 'json'], 'Did you mean --format?'],
  [['--all=yes', 'a.pcap'], 'See: why502 analyze --help'],
  [['--gateway', '--all'], 'See: why502 live --help'],
])('%j makes no sense, and is told what would', (argv, remedy) => {
  const run = commandLine(argv, (path) => path === 'a.pcap');
  expect(run).toMatchObject({ remedy: expect.stringContaining(remedy) });
});

test('an unknown option names the one that was probably meant', () => {
  expect(unknownOption('analyze', 'formt').remedy).toContain('--format');
  expect(unknownOption('analyze', 'gateways').remedy).toContain('--gateway');
  expect(unknownOption('analyze', 'show').remedy).toContain('--show-secrets');
  expect(unknownOption('analyze', 'frobnicate').remedy).not.toContain('Did you mean');
  expect(unknownOption('analyze', 'x').wrong).toBe('unknown option -x');
  expect(unknownOption('analyze', 'access-log').wrong).toContain('not there yet');
});
