import { expect, test } from 'vitest';
import { SHOW_SECRETS } from '../../../src/sinks/secrets.ts';
import { Book, ENTRIES_LIMIT } from '../../../src/sinks/tui/book.ts';
import { judge } from '../../../src/verdict/judge.ts';
import { incident } from '../../kit/incidents.ts';

const verdict = () => judge(incident());

test('a 502 is listed at once, and its verdict mended in place', () => {
  const book = new Book({ mask: SHOW_SECRETS, live: true });
  const settled = verdict();
  book.early(settled.incident.exchange, undefined);
  expect(book.entries).toMatchObject([{ number: 1, verdict: undefined, provisional: true }]);
  expect(book.found).toBe(1);
  book.verdict(settled);
  expect(book.entries).toMatchObject([{ number: 1, verdict: settled, provisional: false }]);
  expect(book.found).toBe(1);
});

test('what was no incident after all is taken back', () => {
  const book = new Book({ mask: SHOW_SECRETS, live: true });
  const { exchange } = incident();
  book.early(exchange, undefined);
  book.withdrawn(exchange);
  expect([book.entries.length, book.found]).toEqual([0, 0]);
});

test('a hundred thousand incidents are all counted, and the newest kept', () => {
  const book = new Book({ mask: SHOW_SECRETS, live: true });
  const one = verdict();
  for (let n = 0; n < 100_000; n++) book.verdict(one);
  expect(book.found).toBe(100_000);
  expect(book.entries.length).toBeLessThanOrEqual(ENTRIES_LIMIT * 1.1);
  expect(book.entries.length + book.dropped).toBe(100_000);
  expect(book.entry(100_000)?.number).toBe(100_000);
  expect(book.entry(1)).toBeUndefined();
});
