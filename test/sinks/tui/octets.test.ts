import { expect, test } from 'vitest';
import { MASK_SECRETS } from '../../../src/sinks/secrets.ts';
import { octetLines } from '../../../src/sinks/tui/octets.ts';
import { judge } from '../../../src/verdict/judge.ts';
import { attempt, fault, incident } from '../../kit/incidents.ts';
import { goldenFrames } from './frames.ts';

goldenFrames('octets');

function shown(...attempts: Parameters<typeof attempt>[0][]): string {
  const verdict = judge(incident({ attempts: attempts.map((plan, at) => attempt({ ...plan, n: at + 1 })) }));
  return octetLines(verdict, attempts.length - 1, MASK_SECRETS, 100)
    .map(({ spans }) => spans.map(({ text }) => text).join(''))
    .join('\n');
}

test('secrets are masked', () => {
  const fields = [{ name: 'Authorization', value: 'Bearer tell-nobody' }];
  expect(shown({ request: { fields } })).toMatch(/Authorization: (?!.*tell-nobody)/);
});

test('octets that broke a rule are dumped as they are', () => {
  const text = shown({ faults: [fault('header-line', 'name', 'X\x00: y')], serverOctets: 6 });
  expect(text).toContain('0000  58 00 3a 20 79');
  expect(text).toContain('X.: y');
});

test('FastCGI is told record by record', () => {
  const fields = [{ name: 'SCRIPT_FILENAME', value: '/srv/a.php' }];
  const text = shown({ protocol: 'fastcgi', request: { fields }, exchange: { stderr: 'PHP message: no' } });
  expect(text).toMatch(
    /BEGIN_REQUEST, PARAMS\n +SCRIPT_FILENAME: \/srv\/a[.]php\n +STDIN, end\n +STDERR\n +PHP message: no/,
  );
});

test('where nothing was tried it says so', () => {
  expect(shown()).toContain('No attempt is known.');
});
