import { expect, test } from 'vitest';
import type { Message } from '../../../src/model/message.ts';
import { octetsOf } from '../../../src/model/octets.ts';
import { CgiMessages } from '../../../src/proto/cgi-messages.ts';
import { memcached } from '../../../src/proto/memcached/memcached.ts';
import { Replies } from '../../../src/proto/memcached/replies.ts';
import { dialogueOf, lines, octets } from '../cgi-talk.ts';

const moment = { at: 0, frame: 1 };

function replies(): { replies: Replies; told: () => string[]; say: (text: string) => void } {
  const messages: Message[] = [];
  const all = new Replies(new CgiMessages(dialogueOf(memcached), (message) => messages.push(message)));
  const say = (text: string): void => all.chunk(octetsOf(octets(text)), moment);
  return { replies: all, told: () => lines(messages), say };
}

test('answers go to the keys in the order of asking', () => {
  const { replies: all, told, say } = replies();
  all.asked('/a', moment);
  all.asked('/b', moment);
  say('END\r\nVALUE /b 0 1\r\nx\r\nEND\r\n');
  expect(told().filter((line) => line.includes('response-head'))).toEqual([
    '1 response-head 404',
    '1 response-head 200',
  ]);
  expect(all.waiting).toBe(0);
});

test('octets before any request are nobody’s, and count for the offset of a fault', () => {
  const { replies: all, told, say } = replies();
  say('hello\r\n');
  all.asked('/a', moment);
  say('WHAT\r\n');
  expect(told()).toEqual(['1 response-start', '1 fault reverse memcached-reply line "WHAT" @7']);
});

test('another key is a fault, unless requests are missing that it may answer', () => {
  for (const lost of [false, true]) {
    const { replies: all, told, say } = replies();
    all.asked('/a', moment);
    if (lost) all.requestsLost();
    say('VALUE /b 0 1\r\n');
    expect(told().at(-1)).toMatch(lost ? /^1 lost reverse 14$/ : /memcached-reply key/);
  }
});

test('a hole in a value is counted by its length', () => {
  const { replies: all, told, say } = replies();
  all.asked('/a', moment);
  say('VALUE /a 0 10\r\nab');
  all.gap(8, moment);
  say('\r\nEND\r\n');
  expect(told().at(-1)).toBe('1 response-end complete 32 10');
});

test('closing ends the answer under way, once', () => {
  const { replies: all, told, say } = replies();
  all.asked('/a', moment);
  say('VAL');
  all.closed(moment);
  all.closed(moment);
  expect(told()).toEqual(['1 response-start', '1 response-end cut 3 0']);
});
