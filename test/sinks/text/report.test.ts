import { expect, test } from 'vitest';
import { columnsOf } from '../../../src/sinks/safe-text.ts';
import { MASKED_STORIES, type ReportOptions, STORIES_PER_ROW, textSink } from '../../../src/sinks/text/report.ts';
import { badNight } from '../kit/scenes.ts';
import { CONTEXT, type Fed, memoryOutput, textOf } from '../kit/sink-text.ts';
import { run, verdict } from '../kit/verdicts.ts';

function report(fed: Fed, over: Partial<ReportOptions> = {}): string {
  const options = { width: 80, colour: false, live: false, all: false, ...over };
  return textOf((output) => textSink(output, () => CONTEXT, options), fed);
}

function storiesIn(text: string): number {
  return text.split('\n').filter((line) => /^ {4} +0\.00 ms/.test(line)).length;
}

test.each([80, 140, 40])('a bad night, told at %d columns', async (width) => {
  const text = report({ verdicts: badNight() }, { width });
  for (const line of text.split('\n')) expect(columnsOf(line)).toBeLessThanOrEqual(width);
  await expect(text).toMatchFileSnapshot(`../golden/bad-night.${width}.txt`);
});

test('a bad night, told as it happens', async () => {
  await expect(report({ verdicts: badNight() }, { live: true })).toMatchFileSnapshot('../golden/bad-night.live.80.txt');
});

test('one incident alone', async () => {
  await expect(report({ verdicts: [verdict()] })).toMatchFileSnapshot('../golden/one-incident.80.txt');
});

test('a capture without a 502 says what that may mean', async () => {
  const none = report({});
  const unread = report({ run: { requests: 0 } });
  const empty = report({ run: { requests: 0, frames: 0, octets: 24, ended: 0 } });
  await expect([none, unread, empty].join('\n---\n')).toMatchFileSnapshot('../golden/nothing-found.80.txt');
});

test('damage, losses and an interrupt stand at the top', async () => {
  const damage = {
    kind: 'damaged',
    offset: 77_123,
    record: 812,
    text: 'block length 3 is less than 12',
    remedy: 'Copy the file again.',
  } as const;
  const text = report({ verdicts: [verdict()], run: { damage, lost: 40, interrupted: true } });
  await expect(text).toMatchFileSnapshot('../golden/damaged.80.txt');
});

test('colours are the only difference they make', () => {
  const plain = report({ verdicts: badNight() });
  const coloured = report({ verdicts: badNight() }, { colour: true });
  expect(coloured).not.toBe(plain);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  expect(coloured.replace(/\x1b\[[\d;]*m/g, '')).toBe(plain);
});

test('the first stories of each kind are told, and how many more there are', () => {
  const verdicts = Array.from({ length: 5000 }, (_, n) => verdict({ incident: { id: `i-${n}` } }));
  const text = report({ verdicts });
  expect(storiesIn(text)).toBe(STORIES_PER_ROW);
  expect(text).toContain('4,997 more stories of this kind: --all tells them');
});

test('--all tells every story, the summary first', () => {
  const verdicts = Array.from({ length: 50 }, (_, n) => verdict({ incident: { id: `i-${n}` } }));
  const text = report({ verdicts }, { all: true });
  expect(storiesIn(text)).toBe(50);
  expect(text).toMatch(/^checkout\.pcap/);
  expect(text).not.toContain('--all');
});

test('more stories than can be held are told before the summary; none is lost', () => {
  const verdicts = Array.from({ length: 50 }, (_, n) => verdict({ incident: { id: `i-${n}` } }));
  const text = report({ verdicts }, { all: true, heldLimit: 5000 });
  expect(storiesIn(text)).toBe(50);
  expect(text).toMatch(/^Many stories/);
  expect(text.indexOf('i-49 ')).toBeLessThan(text.indexOf('checkout.pcap'));
});

test('of hidden failures a few stories are told', () => {
  const hidden = badNight().filter(({ incident }) => incident.kind === 'masked');
  expect(storiesIn(report({ verdicts: [...hidden, ...hidden, ...hidden] }))).toBeLessThanOrEqual(MASKED_STORIES);
});

test('of a pipe each story is on the screen when its verdict settles', () => {
  const output = memoryOutput();
  const sink = textSink(output, () => CONTEXT, { width: 80, colour: false, live: true, all: false });
  sink.verdict(verdict({ incident: { id: 'i-1' } }));
  expect(storiesIn(output.text())).toBe(1);
  for (let n = 2; n <= 6; n++) sink.verdict(verdict({ incident: { id: `i-${n}` } }));
  expect(storiesIn(output.text())).toBe(STORIES_PER_ROW);
  expect(output.text()).toMatch(/^i-6 .*reset-before-response, likely$/m);
  sink.end(run());
  expect(output.text()).toMatch(/checkout\.pcap +00:05:00/);
});
