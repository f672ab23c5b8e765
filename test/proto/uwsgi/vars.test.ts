import { describe, expect, test } from 'vitest';
import { octetsOf } from '../../../src/model/octets.ts';
import { NAME_LIMIT, VALUE_LIMIT } from '../../../src/proto/cgi-params.ts';
import { VarsReader } from '../../../src/proto/uwsgi/vars.ts';
import { join } from '../cgi-talk.ts';
import { VARS, vars } from './requests.ts';

function read(bytes: Uint8Array, size = bytes.length): { reader: VarsReader; taken: number } {
  const reader = new VarsReader();
  let taken = 0;
  for (let at = 0; at < bytes.length && reader.state === 'open'; at += size) {
    taken += reader.take(octetsOf(bytes.slice(at, at + size)), 0);
  }
  return { reader, taken };
}

const names = ({ params }: VarsReader): string[] => params.fields.map(({ name }) => name);

test('the head ends where its size says', () => {
  const whole = vars(VARS);
  for (const size of [1, 2, 3, 10, 999]) {
    const { reader, taken } = read(join(whole, 'body'), size);
    expect([reader.state, taken]).toEqual(['done', whole.length]);
    expect(reader.params.fields).toEqual(VARS.map(([name, value]) => ({ name, value })));
  }
});

test('a head without vars', () => {
  expect(read(vars([])).reader.state).toBe('done');
});

test('empty names and values', () => {
  expect(
    read(
      vars([
        ['', ''],
        ['A', ''],
      ]),
    ).reader.params.fields,
  ).toHaveLength(2);
});

describe('a length beyond the vars breaks the head', () => {
  test.each([
    ['of a name', Uint8Array.of(0, 4, 0, 0, 3, 0, 65, 65)],
    ['of a value', Uint8Array.of(0, 6, 0, 0, 1, 0, 65, 2, 0, 65)],
    ['that has no room itself', Uint8Array.of(0, 4, 0, 0, 1, 0, 65, 0)],
    ['with one octet left over', Uint8Array.of(0, 6, 0, 0, 1, 0, 65, 0, 0, 9)],
  ])('%s', (_, bytes) => {
    expect(read(bytes).reader.state).toBe('broken');
  });
});

test('names and values are kept up to the limits', () => {
  const { reader } = read(
    vars([
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
  const whole = vars([
    ['AAAA', '1234'],
    ['BBBB', '5678'],
    ['CCCC', '9'],
  ]);

  /** The head with `length` octets missing at `at`. */
  function holed(at: number, length: number): { reader: VarsReader; taken: number } {
    const { reader } = read(whole.subarray(0, at));
    const taken = reader.hole(length);
    if (reader.state === 'open') reader.take(octetsOf(whole.slice(at + taken)), 0);
    return { reader, taken };
  }

  test('in a value or a name leaves out that pair', () => {
    expect(names(holed(13, 2).reader)).toEqual(['BBBB', 'CCCC']);
    expect(names(holed(19, 1).reader)).toEqual(['AAAA', 'CCCC']);
    expect(names(holed(26, 2).reader)).toEqual(['AAAA', 'CCCC']);
  });

  test('beyond it leaves out all that follow, but the size still holds', () => {
    const { reader } = holed(12, 5);
    expect([reader.state, names(reader)]).toEqual(['done', []]);
    expect(names(holed(16, 1).reader)).toEqual(['AAAA']);
  });

  test('to the end of the head and beyond takes what is the head`s', () => {
    const { reader, taken } = holed(22, 500);
    expect([reader.state, taken, names(reader)]).toEqual(['done', whole.length - 22, ['AAAA']]);
  });

  test('before the size is known takes all', () => {
    const { reader, taken } = holed(2, 500);
    expect([reader.state, taken]).toEqual(['broken', 500]);
  });
});
