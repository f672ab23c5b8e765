import { describe, expect, test } from 'vitest';
import type { Message } from '../../src/model/message.ts';
import { octetsOf } from '../../src/model/octets.ts';
import { CgiMessages } from '../../src/proto/cgi-messages.ts';
import { CgiReply } from '../../src/proto/cgi-reply.ts';
import { scgi } from '../../src/proto/scgi/scgi.ts';
import { dialogueOf, lines, octets } from './cgi-talk.ts';

type Part = string | number;

/** What is said of octets (text), missing octets (numbers) and a close. */
function said(parts: readonly Part[], how: 'fin' | 'rst' | undefined, method = 'GET', size = Infinity): string[] {
  const messages: Message[] = [];
  const asked = { method, answered: () => {} };
  const reply = new CgiReply(new CgiMessages(dialogueOf(scgi), (message) => messages.push(message)), asked);
  parts.forEach((part, index) => {
    const moment = { at: 0, frame: index + 1 };
    if (typeof part === 'number') reply.gap(part, moment);
    else {
      for (let at = 0; at < part.length; at += size) {
        reply.chunk(octetsOf(Uint8Array.from(octets(part.slice(at, at + size)))), moment);
      }
    }
  });
  if (how) reply.close(how, { at: 0, frame: 9 });
  return lines(messages);
}

function last(parts: readonly Part[], how: 'fin' | 'rst' | undefined, method?: string): string | undefined {
  const whole = said(parts, how, method);
  for (const size of [1, 2, 5]) expect(said(parts, how, method, size)).toEqual(whole);
  return whole.at(-1);
}

describe('the end', () => {
  test.each<[string, Part[], 'fin' | 'rst' | undefined, string]>([
    ['by length', ['Content-Length: 4\n\nfourmore'], undefined, '1 response-end complete 23 4'],
    ['by length in a gap', ['Content-Length: 4\n\nf', 99], undefined, '2 response-end complete 23 4'],
    ['by a length of 0', ['Content-Length: 0\n\n'], undefined, '1 response-end complete 19 0'],
    ['by closing', ['\nbody'], 'fin', '9 response-end closed 5 4'],
    ['by closing, with chunked', ['Transfer-Encoding: chunked\n\n0'], 'fin', '9 response-end closed 29 1'],
    ['by reset', ['\nbody'], 'rst', '9 response-end cut 5 4'],
    ['before its length', ['Content-Length: 4\n\nf'], 'fin', '9 response-end cut 20 1'],
    ['within the head', ['Content-Le'], 'fin', '9 response-end cut 10 0'],
    ['within a status line', ['HTTP/1.1 2'], 'rst', '9 response-end cut 10 0'],
    ['after a fault', ['A B\nmore'], 'fin', '9 response-end cut 8 0'],
    ['after a gap in the head', ['Status: 200\nX', 5, '\n\nbody'], 'fin', '9 response-end closed 24 11'],
    ['after a gap in the head, reset', ['Status: 200\nX', 5], 'rst', '9 response-end cut 18 5'],
  ])('%s', (_, parts, how, expected) => {
    expect(last(parts, how)).toBe(expected);
  });

  test('of an answer to HEAD is the end of its head', () => {
    expect(last(['Content-Length: 4\n\n'], undefined, 'HEAD')).toBe('1 response-end complete 19 0');
  });

  test('of nothing is nothing', () => {
    expect(said([], 'rst')).toEqual([]);
    expect(said([''], 'fin')).toEqual([]);
  });
});

test('octets that begin no line are named when there are enough of them, or no more', () => {
  expect(last(['\x15\x03\x03\0\x02\x02\x28'], undefined)).toContain('other-protocol tls');
  expect(said(['\x16\x03\x03'], 'rst')[1]).toContain('other-protocol tls');
  expect(said(['\x16', 4], 'rst')[1]).toContain('header-line');
  expect(said(['\0\x07'], 'fin')[1]).toContain('header-line');
});

test('the client is told of once, at the first octet', () => {
  let answers = 0;
  const asked = { method: '', answered: () => answers++ };
  const reply = new CgiReply(new CgiMessages(dialogueOf(scgi), () => {}), asked);
  for (const text of ['H', 'T', '\n\n']) reply.chunk(octetsOf(octets(text)), { at: 0, frame: 1 });
  expect(answers).toBe(1);
});
