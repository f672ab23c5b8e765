import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { octetsOf } from '../../../src/model/octets.ts';
import { RecordReader, type RecordSink } from '../../../src/proto/fastcgi/record.ts';
import { latin1 } from '../../../src/proto/latin1.ts';
import { join, octets } from '../cgi-talk.ts';
import { record } from './records.ts';

/** A reader and what it tells, neighbouring pieces of content joined. */
class Told implements RecordSink {
  readonly lines: string[] = [];
  readonly reader: RecordReader;

  constructor(midstream = false) {
    this.reader = new RecordReader(this, midstream);
  }

  header: RecordSink['header'] = ({ type, requestId, contentLength, offset, start }) =>
    this.lines.push(`${type} of ${requestId}, ${contentLength} at ${offset}, frame ${start.frame}`);
  content: RecordSink['content'] = ({ bytes }, from, to) => this.#join('content ', latin1(bytes, from, to));
  hole: RecordSink['hole'] = (length) => this.lines.push(`hole ${length}`);
  contentEnd = (): number => this.lines.push('end');
  padding: RecordSink['padding'] = (length) => this.#join('padding ', 'p'.repeat(length));
  foreign: RecordSink['foreign'] = (sample, offset) => this.lines.push(`foreign ${sample.text} at ${offset}`);
  unreadable: RecordSink['unreadable'] = (length) => this.#join('unreadable ', 'u'.repeat(length));
  astray: RecordSink['astray'] = (length) => this.lines.push(`astray ${length}`);
  passing: RecordSink['passing'] = (length) => this.lines.push(`passing ${length}`);
  passed: RecordSink['passed'] = (length) => this.lines.push(`passed ${length}`);
  fits: RecordSink['fits'] = (type) => type === 6;

  #join(kind: string, text: string): void {
    const latest = this.lines.at(-1);
    if (latest?.startsWith(kind)) this.lines[this.lines.length - 1] = latest + text;
    else this.lines.push(kind + text);
  }

  feed(bytes: string | Uint8Array, size = Infinity, frame = 1): this {
    const whole = octets(bytes);
    for (let at = 0; at < whole.length; at += size) {
      this.reader.chunk(octetsOf(whole.slice(at, at + size)), { at: 0, frame });
    }
    return this;
  }

  gap(length: number): this {
    this.reader.gap(length, { at: 0, frame: 9 });
    return this;
  }
}

const TWO = join(record(6, 'content', { id: 0x1234, padding: 3 }), record(5, ''));
const TWO_LINES = [
  '6 of 4660, 7 at 0, frame 1',
  'content content',
  'end',
  'padding ppp',
  '5 of 1, 0 at 18, frame 1',
  'end',
];

test('records are read at any split', () => {
  for (let size = 1; size <= TWO.length; size++) expect(new Told().feed(TWO, size).lines).toEqual(TWO_LINES);
});

test('a header begins with its first octet', () => {
  const told = new Told().feed(TWO.subarray(0, 2), 1, 4).feed(TWO.subarray(2, 8), 1, 5);
  expect(told.lines).toEqual(['6 of 4660, 7 at 0, frame 4']);
  expect(told.reader.held).toBe(0);
  expect(told.feed(TWO.subarray(8, 20), 3).reader.held).toBe(2);
});

test('records that are written are read back', () => {
  const one = fc.tuple(fc.nat(255), fc.nat(0xffff), fc.uint8Array({ maxLength: 300 }), fc.nat(255));
  fc.assert(
    fc.property(fc.array(one, { maxLength: 6 }), fc.integer({ min: 1, max: 400 }), (records, size) => {
      const bytes = join(...records.map(([type, id, content, padding]) => record(type, content, { id, padding })));
      let offset = 0;
      const lines = records.flatMap(([type, id, content, padding]) => {
        const at = offset;
        offset += 8 + content.length + padding;
        return [
          `${type} of ${id}, ${content.length} at ${at}, frame 1`,
          ...(content.length ? [`content ${latin1(content, 0, content.length)}`] : []),
          'end',
          ...(padding ? [`padding ${'p'.repeat(padding)}`] : []),
        ];
      });
      expect(new Told().feed(bytes, size).lines).toEqual(lines);
    }),
  );
});

describe('a gap', () => {
  test('within content is a hole', () => {
    expect(new Told().feed(TWO.subarray(0, 10)).gap(3).feed(TWO.subarray(13)).lines).toEqual([
      '6 of 4660, 7 at 0, frame 1',
      'content co',
      'hole 3',
      'content nt',
      'end',
      'padding ppp',
      '5 of 1, 0 at 18, frame 1',
      'end',
    ]);
  });

  test('to the end of padding keeps the framing', () => {
    expect(new Told().feed(TWO.subarray(0, 10)).gap(8).feed(TWO.subarray(18)).lines.slice(2)).toEqual([
      'hole 5',
      'end',
      'padding ppp',
      '5 of 1, 0 at 18, frame 1',
      'end',
    ]);
  });

  test('beyond loses it, until a chunk begins with a header that fits', () => {
    const told = new Told().feed(TWO.subarray(0, 10)).gap(20);
    told.feed(record(5, 'no')).feed('\x01\x06').feed('junk of some length').feed(record(6, 'yes'));
    expect(told.lines.slice(4)).toEqual(
      [
        'padding ppp',
        'astray 12',
        'passing 10',
        'passing 2',
        'passing 19',
        'passed 31',
        '6 of 1, 3 at 61, frame 1',
        'content yes',
        'end',
      ].slice(1 - 1),
    );
  });

  test('within a header loses the octets of it too', () => {
    const told = new Told().feed(TWO.subarray(0, 5)).gap(2);
    expect([told.lines, told.reader.adrift]).toEqual([['astray 7'], true]);
  });

  test('while adrift is one more', () => {
    expect(new Told().gap(2).gap(3).lines).toEqual(['astray 2', 'astray 3']);
  });
});

test('a capture that starts midstream is adrift', () => {
  const told = new Told(true).feed('rest').feed(record(6, ''));
  expect(told.lines).toEqual(['passing 4', 'passed 4', '6 of 1, 0 at 4, frame 1', 'end']);
});

test('a restart ends the drift, and nothing else', () => {
  const told = new Told(true).feed('rest');
  told.reader.restart();
  told.feed(record(9).subarray(0, 4));
  told.reader.restart();
  expect(told.feed(record(9).subarray(4)).lines).toEqual(['passing 4', 'passed 4', '9 of 1, 0 at 4, frame 1', 'end']);
});

describe('another protocol', () => {
  test('is told once, and nothing after it is read', () => {
    const bytes = join(record(5), 'HTTP/1.1 200 OK\r\n', record(6));
    const lines = [
      '5 of 1, 0 at 0, frame 1',
      'end',
      `unreadable ${'u'.repeat(17)}`,
      'foreign HTTP/1.1 200 OK\r\n at 8',
      `unreadable ${'u'.repeat(8)}`,
    ];
    for (const size of [1, 5, 99]) expect(new Told().feed(bytes, size).gap(5).lines).toEqual(lines);
  });

  test('is told by a flush or a gap, however little came', () => {
    const told = new Told().feed('HT');
    told.reader.flush();
    told.reader.flush();
    expect(told.lines).toEqual(['unreadable uu', 'foreign HT at 0']);
    expect(new Told().feed('HT').gap(5).lines).toEqual(['unreadable uu', 'foreign HT at 0']);
  });
});
