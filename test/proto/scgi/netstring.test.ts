import { describe, expect, test } from 'vitest';
import { octetsOf } from '../../../src/model/octets.ts';
import { NAME_LIMIT, VALUE_LIMIT } from '../../../src/proto/cgi-params.ts';
import { NetstringReader } from '../../../src/proto/scgi/netstring.ts';
import { join, octets } from '../cgi-talk.ts';
import { HEADERS, netstring } from './requests.ts';

function read(bytes: Uint8Array, size = bytes.length): { reader: NetstringReader; taken: number } {
  const reader = new NetstringReader();
  let taken = 0;
  for (let at = 0; at < bytes.length && reader.state === 'open'; at += size) {
    taken += reader.take(octetsOf(bytes.slice(at, at + size)), 0);
  }
  return { reader, taken };
}

const names = ({ params }: NetstringReader): string[] => params.fields.map(({ name }) => name);

test('the head ends with its comma', () => {
  const whole = netstring(HEADERS);
  for (const size of [1, 2, 3, 10, 999]) {
    const { reader, taken } = read(join(whole, 'body'), size);
    expect([reader.state, taken]).toEqual(['done', whole.length]);
    expect(reader.params.fields).toEqual(HEADERS.map(([name, value]) => ({ name, value })));
  }
});

test.each([
  ['1x:', 'a length that is no number'],
  [':', 'a length that is no number'],
  ['123456789:', 'a length that is no number'],
  ['4:A\0B\0;', 'no comma after the headers'],
])('%j is broken', (text, why) => {
  const { reader } = read(octets(text), 1);
  expect([reader.state, reader.why]).toEqual(['broken', why]);
});

test('an empty netstring, and a name without a value', () => {
  expect(read(octets('0:,')).reader.state).toBe('done');
  expect(read(octets('6:A\0B\0CD,')).reader).toMatchObject({ state: 'done', params: { fields: [{ name: 'A' }] } });
});

test('names and values are kept up to the limits', () => {
  const { reader } = read(
    netstring([
      ['N'.repeat(999), 'v'.repeat(20_000)],
      ['NEXT', '1'],
    ]),
    777,
  );
  const [long, next] = reader.params.fields;
  expect([long?.name.length, long?.value.length, next]).toEqual([
    NAME_LIMIT,
    VALUE_LIMIT,
    { name: 'NEXT', value: '1' },
  ]);
});

describe('a hole', () => {
  const whole = netstring([
    ['AAAA', '1234'],
    ['BBBB', '5678'],
  ]);

  function holed(at: number, length: number): { reader: NetstringReader; taken: number } {
    const { reader } = read(whole.subarray(0, at));
    const taken = reader.hole(length);
    if (reader.state === 'open') reader.take(octetsOf(whole.slice(at + taken)), 0);
    return { reader, taken };
  }

  test('leaves out what follows, but the length still holds', () => {
    const { reader } = holed(15, 1);
    expect([reader.state, names(reader)]).toEqual(['done', ['AAAA']]);
  });

  test('up to the comma, and with it', () => {
    expect(holed(15, whole.length - 16).reader.state).toBe('done');
    const { reader, taken } = holed(15, 500);
    expect([reader.state, taken]).toEqual(['done', whole.length - 15]);
    expect(holed(whole.length - 1, 1)).toMatchObject({ taken: 1, reader: { state: 'done' } });
  });

  test('before the length is known takes all', () => {
    const { reader, taken } = holed(1, 500);
    expect([reader.state, taken]).toEqual(['broken', 500]);
  });
});
