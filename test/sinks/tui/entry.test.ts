import { expect, test } from 'vitest';
import { MASK_SECRETS, SHOW_SECRETS } from '../../../src/sinks/secrets.ts';
import { type Entry, WORKED_OUT, wordsOf } from '../../../src/sinks/tui/entry.ts';
import { judge } from '../../../src/verdict/judge.ts';
import { attempt, type IncidentPlan, incident, request } from '../../kit/incidents.ts';
import { resetSent, witness } from '../../kit/kernel-events.ts';

function entryOf(plan: IncidentPlan): Entry {
  const one = incident(plan);
  return { number: 1, exchange: one.exchange, verdict: judge(one), provisional: false, words: undefined };
}

test('what the verdict is comes first, what failed before it after it, counted', () => {
  const stale = { server: 'rst', reused: true, unread: true } as const;
  const plan = { attempts: [attempt(stale), attempt({ ...stale, n: 2 }), attempt({ n: 3, server: 'refuses' })] };
  expect(wordsOf(entryOf(plan), SHOW_SECRETS)).toMatchObject({
    parts: ['refused', ', after 2x stale keep-alive'],
    attempts: 3,
  });
});

test('a verdict that is less sure than its last attempt does not come after itself', () => {
  const attempts = [attempt({ server: 'refuses', link: 'timing' }), attempt({ n: 2, server: 'rst' })];
  const plan = { attempts };
  expect(wordsOf(entryOf(plan), SHOW_SECRETS)).toMatchObject({ parts: ['reset before response', ', after refused'] });
});

test('the process is named where the kernel told of it', () => {
  const killed = witness({ closer: resetSent(0.5, { death: { signal: 9, code: 0 } }) });
  expect(wordsOf(entryOf({ attempts: [attempt({ server: 'rst', witness: killed })] }), SHOW_SECRETS)).toMatchObject({
    parts: ['reset before response', ': worker killed'],
    by: 'peer',
    process: 'php-fpm8.2 4211',
  });
  expect(wordsOf(entryOf({ attempts: [attempt({ server: 'rst' })] }), SHOW_SECRETS).process).toBe('');
});

test('words are made once for a verdict', () => {
  const entry = entryOf({});
  expect(wordsOf(entry, SHOW_SECRETS)).toBe(wordsOf(entry, SHOW_SECRETS));
});

test('without a verdict it is being worked out', () => {
  const entry: Entry = { ...entryOf({}), verdict: undefined };
  expect(wordsOf(entry, SHOW_SECRETS)).toMatchObject({ parts: [WORKED_OUT], confidence: '', attempts: 0 });
});

test('nothing from the wire is shown raw, unmasked or whole where it is endless', () => {
  const target = `/a\x1b[2J?password=hunter2&${'x'.repeat(5000)}`;
  const entry = entryOf({ exchange: { request: request({ target, method: 'G\x07T' }) } });
  const words = wordsOf(entry, MASK_SECRETS);
  expect(words.target).toMatch(/^\/a\\x1b\[2J\?password=(?!hunter2)/);
  expect(words.target.length).toBeLessThan(600);
  expect(words.method).toBe('G\\x07T');
});

test('of what is not known the reason comes first', () => {
  expect(wordsOf(entryOf({ attempts: [] }), SHOW_SECRETS).parts).toEqual(['no upstream traffic', ': not known']);
});
