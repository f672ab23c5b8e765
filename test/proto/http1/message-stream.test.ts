import { expect, test } from 'vitest';
import { octetsOf } from '../../../src/model/octets.ts';
import { HEAD_LIMIT, MessageStream } from '../../../src/proto/http1/message-stream.ts';
import type { Reader } from '../../../src/proto/http1/reader.ts';
import { textOctets } from '../../kit/cases.ts';

const moment = { at: 1, frame: 1 };

/** Takes every head, and frames bodies as it is told to. */
function reader(framing: ReturnType<Reader['head']>, length = 0) {
  const log: string[] = [];
  const side: Reader = {
    begins: (bytes, from) => (bytes[from] === 0x47 ? 'yes' : 'no'),
    settle: () => log.push('settle'),
    begun: () => log.push('begun'),
    firstLine: () => undefined,
    head: ({ from, to }) => {
      log.push(`head ${to - from}`);
      stream.left = length;
      return framing;
    },
    headCut: ({ to }, why) => log.push(`cut ${to} ${why}`),
    ended: () => log.push(`ended ${stream.octets} ${stream.bodyOctets}`),
    fault: (name, detail, _sample, offset) => log.push(`fault ${name} ${detail} ${offset}`),
    lost: (octets) => log.push(`lost ${octets}`),
    maybeBodiless: () => false,
  };
  const stream: MessageStream = new MessageStream(side, true);
  const say = (text: string) => stream.chunk(octetsOf(textOctets(text)), moment);
  return { log, stream, say };
}

test('a message of known length passes by count', () => {
  const { log, stream, say } = reader('length', 5);
  say('\\r\\nG\\r\\n\\r\\n12');
  say('345G\\r\\n');
  expect(log).toEqual(['begun', 'head 5', 'ended 10 5', 'begun']);
  expect([stream.state, stream.offset]).toEqual(['HEAD', 12]);
});

test('a head that spans chunks is one head', () => {
  const { log, say } = reader('none');
  for (const text of ['G', '\\r', '\\nA: b', '\\r\\n\\r\\nG\\n\\n']) say(text);
  expect(log).toEqual(['begun', 'head 11', 'ended 11 0', 'begun', 'head 3', 'ended 3 0']);
});

test('a bad line is told once, when it comes', () => {
  const { log, say } = reader('none');
  say('G\\nA b');
  say(': c\\nD e:\\n\\n');
  expect(log).toEqual(['begun', 'fault header-line name 3', 'head 15', 'ended 15 0']);
});

test('a head without end is given up at the limit, and its memory too', () => {
  const { log, stream, say } = reader('none');
  for (let octets = 0; octets <= HEAD_LIMIT; octets += 1024) say('G'.repeat(1024));
  expect(log).toEqual(['begun', `fault head-too-big  ${HEAD_LIMIT}`, 'settle', 'begun']);
  expect(stream.state).toBe('HEAD');
});

test('a gap in a head ends it, and the next message is found at the beginning of a chunk', () => {
  const { log, stream, say } = reader('none');
  say('G\\nA: b');
  stream.gap(10, 'lost', moment);
  say('x G\\n\\n');
  say('G\\n\\n');
  expect(log).toEqual(['begun', 'cut 6 lost', 'lost 10', 'settle', 'begun', 'head 3', 'ended 3 0']);
});

test('a gap in a body is counted, one beyond its end loses the place', () => {
  const { log, stream, say } = reader('length', 5);
  say('G\\n\\n1');
  stream.gap(4, 'cut', moment);
  say('G\\n\\n1');
  stream.gap(6, 'cut', moment);
  expect(log).toEqual(['begun', 'head 3', 'ended 8 5', 'begun', 'head 3', 'ended 8 5', 'lost 6']);
});

test('nothing is read after the end', () => {
  const { log, stream, say } = reader('tunnel');
  say('G\\n\\nanything');
  stream.gap(5, 'lost', moment);
  stream.close();
  say('G\\n\\n');
  expect(log).toEqual(['begun', 'head 3', 'ended 3 0']);
  expect(stream.state).toBe('CLOSED');
});
