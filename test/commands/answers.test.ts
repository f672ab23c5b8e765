import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { answers } from '../../src/commands/answers.ts';
import { MASK_SECRETS } from '../../src/sinks/secrets.ts';
import { judge } from '../../src/verdict/judge.ts';
import { attempt, incident } from '../kit/incidents.ts';

const VERDICT = judge(incident({ attempts: [attempt({ server: 'refuses' })], incident: { id: 'i-7' } }));

function asked(directory = '') {
  const options = { file: 'live', again: false, mask: MASK_SECRETS, epoch: () => 0n };
  return answers({ ...options, ...(directory === '' ? {} : { directory }) });
}

test('a cause is explained, one that is not on the list is not', () => {
  const { explain } = asked();
  expect(explain('connect-refused', 80)[0]).toMatch(/^connect-refused: /);
  expect(explain('no-such-cause', 80)).toEqual([]);
});

test('the story is text, as wide as a mail', () => {
  const lines = asked().story(VERDICT).split('\n');
  expect(lines[0]).toMatch(/^i-7 /);
  expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(100);
});

test('the story is saved beside the packets', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'why502-answers-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const { save, story } = asked(folder);
  expect(await save(VERDICT)).toMatch(/^Saved no packets, they are gone and the story: /);
  const [text = ''] = readdirSync(folder).filter((name) => name.endsWith('.txt'));
  expect(readFileSync(join(folder, text), 'utf8')).toBe(story(VERDICT));
});
