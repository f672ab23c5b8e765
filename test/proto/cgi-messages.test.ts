import { expect, test } from 'vitest';
import type { Message } from '../../src/model/message.ts';
import { CgiMessages } from '../../src/proto/cgi-messages.ts';
import { fastcgi } from '../../src/proto/fastcgi/fastcgi.ts';
import { dialogueOf } from './cgi-talk.ts';

const MOMENT = { at: 5, frame: 3 };

function told(tell: (messages: CgiMessages) => void, clientDirection: 'forward' | 'reverse' = 'forward'): Message[] {
  const all: Message[] = [];
  tell(new CgiMessages({ ...dialogueOf(fastcgi), clientDirection }, (message) => all.push(message)));
  return all;
}

test('sides become directions', () => {
  const tell = (messages: CgiMessages): void => {
    messages.lost(1, 'client', 9, MOMENT);
    messages.lost(1, 'server', 9, MOMENT);
  };
  expect(told(tell)).toMatchObject([{ direction: 'forward' }, { direction: 'reverse' }]);
  expect(told(tell, 'reverse')).toMatchObject([{ direction: 'reverse' }, { direction: 'forward' }]);
});

test('a fault shows 64 octets, and says which layer stopped, where and why', () => {
  const words = { detail: '', sample: 'x'.repeat(99), offset: 7, text: 'sentence' };
  const faults = told((messages) => {
    messages.fault(2, 'server', { ...words, name: 'status' }, MOMENT);
    messages.fault(2, 'server', { ...words, name: 'head-too-big' }, MOMENT);
  });
  expect(faults).toMatchObject([
    { requestId: 2, sample: 'x'.repeat(64), malformed: { layer: 'fastcgi', why: 'malformed', offset: 7 } },
    { malformed: { why: 'limit' } },
  ]);
});

test('a 1xx from an application is final', () => {
  const words = { version: '', status: 103, fields: [], headOctets: 0 };
  expect(told((messages) => messages.responseHead(1, words, MOMENT))).toMatchObject([{ interim: false, status: 103 }]);
});
