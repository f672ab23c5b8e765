import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { namesOf, RecordingFiles } from '../../src/sinks/recording-files.ts';

const HEAD = Buffer.from('[head]');
const EMPTY = Buffer.from('[empty]');
const octets = (letter: string, count: number): Buffer => Buffer.alloc(count, letter);

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'why502-recording-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function recording(files: number, limit: number): RecordingFiles {
  const made = new RecordingFiles(join(folder, 'case.pcapng'), { files, octets: limit }, EMPTY, undefined);
  made.describes(HEAD);
  return made;
}

const texts = (): string[] =>
  readdirSync(folder)
    .toSorted()
    .map((name) => readFileSync(join(folder, name), 'utf8'));

test('all files are there from the beginning, and those that were never used go', () => {
  const files = recording(3, 1000);
  expect(texts()).toEqual(['[empty]', '[empty]', '[empty]']);
  files.write(octets('a', 2));
  files.close();
  expect(texts()).toEqual(['[head]aa']);
});

test('each begins with what describes the rest, also with what was described later', () => {
  const files = recording(3, 1000);
  files.write(octets('a', 2));
  files.describes(Buffer.from('[more]'));
  files.write(octets('b', 2));
  files.begin();
  files.write(octets('c', 2));
  files.close();
  expect(texts()).toEqual(['[head]aa[more]bb', '[head][more]cc']);
  expect(files.begun).toBe(2);
});

test('a file that takes half of all is followed by the next', () => {
  const files = recording(3, 100);
  files.write(octets('a', 30));
  files.write(octets('b', 30));
  files.close();
  expect(texts()).toEqual([`[head]${'a'.repeat(30)}`, `[head]${'b'.repeat(30)}`]);
});

test('all of them together never hold more than they may: the oldest is emptied', () => {
  const files = recording(4, 200);
  const used = (): number => readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
  for (let n = 0; n < 100; n++) {
    if (n % 3 === 0) files.begin();
    files.write(octets('x', 20));
    expect(used()).toBeLessThanOrEqual(200 + 4 * EMPTY.length);
  }
  expect(files.written).toBe(100 * 20 + 34 * HEAD.length);
  files.close();
});

test('a symbolic link is not followed', () => {
  symlinkSync('/dev/null', join(folder, 'case.1.pcapng'));
  expect(() => recording(3, 1000)).toThrow('ELOOP');
});

test('names have as many digits as the last one needs, before the suffix', () => {
  expect(namesOf('a/case.pcapng', 2)).toEqual(['a/case.0.pcapng', 'a/case.1.pcapng']);
  expect(namesOf('case', 11)[3]).toBe('case.03');
});

test('what was emptied to make room goes too, and what may not be removed is named', () => {
  const files = recording(4, 40);
  for (const letter of ['a', 'b', 'c']) {
    files.begin();
    files.write(octets(letter, 15));
  }
  const kept = join(folder, 'case.3.pcapng');
  rmSync(kept);
  mkdirSync(kept);
  expect(files.close()).toEqual([kept]);
  rmSync(kept, { recursive: true });
  expect(texts()).toEqual([`[head]${'c'.repeat(15)}`]);
});
