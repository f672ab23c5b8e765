import { describe, expect, test } from 'vitest';
import { bodyOwed, CgiHead, HEAD_LIMIT, type HeadFault } from '../../src/proto/cgi-head.ts';

interface Read {
  readonly head: CgiHead;
  readonly faults: HeadFault[];
  readonly taken: number;
}

function read(text: string, mayBeHttp: boolean, size: number): Read {
  const faults: HeadFault[] = [];
  const head = new CgiHead(mayBeHttp, (fault) => faults.push(fault));
  let taken = 0;
  for (let at = 0; at < text.length && head.state === 'open'; at += size) taken += head.push(text.slice(at, at + size));
  return { head, faults, taken };
}

/** The whole, after making sure that no split changes it. */
function headOf(text: string, mayBeHttp = false): Read {
  const whole = read(text, mayBeHttp, text.length);
  const facts = ({ head, faults, taken }: Read) => [head.state, head.status, head.version, head.fields, faults, taken];
  for (const size of [1, 2, 3, 5, 8]) expect(facts(read(text, mayBeHttp, size))).toEqual(facts(whole));
  return whole;
}

test('a head takes its own octets and no more', () => {
  const { head, taken } = headOf('Content-Type: a\r\nX: y\r\n\r\nbody');
  expect([head.state, head.status, taken, head.octets]).toEqual(['done', 200, 25, 25]);
  expect(head.fields).toEqual([
    { name: 'Content-Type', value: 'a' },
    { name: 'X', value: 'y' },
  ]);
});

describe('the status', () => {
  test.each([
    ['\r\n', 200],
    ['Location: /\r\n\r\n', 302],
    ['Location: /\r\nStatus: 201 Created\r\n\r\n', 201],
    ['STATUS:404\n\n', 404],
    ['Status: 500\nStatus: 200\n\n', 500],
    ['Status: 2000\n\n', 200],
    ['HTTP/1.1 500 Oops\nStatus: 204\n\n', 204],
  ])('of %j is %i', (text, status) => {
    expect(headOf(text).head.status).toBe(status);
  });

  test.each(['', '20', 'abc', '2 0', '-20'])('Status: %j is a fault', (value) => {
    const { head, faults } = headOf(`Status: ${value}\r\n\r\n`);
    expect(head.state).toBe('broken');
    expect(faults).toMatchObject([{ name: 'status', sample: value }]);
  });

  test('a status line counts where it may stand, and wins over a Status field', () => {
    const { head } = headOf('HTTP/1.1 404 Not Found\r\nStatus: 200\r\n\r\n', true);
    expect([head.status, head.version]).toEqual([404, 'HTTP/1.1']);
  });

  test('what begins like a status line and is none is read as a field', () => {
    const { head } = headOf('HTTP: x\r\nHTP/1.1: y\r\n\r\n', true);
    expect(head.fields.map(({ name }) => name)).toEqual(['HTTP', 'HTP/1.1']);
    expect(headOf('\r\nbody', true).taken).toBe(2);
  });

  test('a broken status line is read over, as nginx does', () => {
    expect(headOf('HTTP/1.1 x\r\nA: b\r\n\r\n', true).head.fields).toEqual([{ name: 'A', value: 'b' }]);
  });

  test('is known before the end once it was said', () => {
    expect(headOf('Status: 404 Not Found\r\nX').head.known).toBe(404);
    expect(headOf('HTTP/1.1 503 Busy\r\nX', true).head.known).toBe(503);
    expect(headOf('Status: abc\r\nX').head.known).toBe(0);
    expect(headOf('X: y\r\n').head.known).toBe(0);
  });
});

describe('lengths that contradict each other', () => {
  test.each([
    ['Content-Length: 1\r\nContent-Length: 1', 'duplicate', 19],
    ['Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked', 'duplicate', 28],
    ['Content-Length: 1\r\nTransfer-Encoding: chunked', 'cl-te', 19],
    ['Transfer-Encoding: chunked\r\nContent-Length: 1', 'cl-te', 28],
    ['Content-Length: 1x', 'bad-cl', 0],
    ['Content-Length:', 'bad-cl', 0],
    ['Content-Length: 99999999999999999999', 'bad-cl', 0],
    ['Transfer-Encoding: gzip, chunked', 'bad-te', 0],
  ])('%j', (text, detail, offset) => {
    const { head, faults } = headOf(`${text}\r\n\r\n`);
    expect(faults).toMatchObject([{ name: 'header-conflict', detail, offset }]);
    expect([head.state, head.contentLength]).toEqual(['done', undefined]);
  });

  test('are told once', () => {
    expect(headOf('Content-Length: 1\r\n'.repeat(50)).faults).toHaveLength(1);
  });

  test('Transfer-Encoding: Chunked alone is none', () => {
    expect(headOf('Transfer-Encoding: Chunked\r\n\r\n').faults).toEqual([]);
  });
});

test('a line that breaks the rules is shown from its start, 64 octets of it', () => {
  const { faults } = headOf(`A: b\r\n${'x'.repeat(100)} y`);
  expect(faults).toMatchObject([{ name: 'header-line', offset: 6, sample: 'x'.repeat(64) }]);
});

test('a head without end is given up at the limit', () => {
  const { head, faults, taken } = headOf('X: y\r\n'.repeat(20_000));
  expect([head.state, taken]).toEqual(['broken', HEAD_LIMIT]);
  expect(faults).toMatchObject([{ name: 'head-too-big' }]);
});

test('the body that is owed', () => {
  const owed = (text: string, method: string): number | undefined => bodyOwed(headOf(text).head, method);
  expect(owed('Content-Length: 9\r\n\r\n', 'GET')).toBe(9);
  expect(owed('Content-Length: 9\r\n\r\n', 'HEAD')).toBe(0);
  expect(owed('Status: 304\r\nContent-Length: 9\r\n\r\n', 'GET')).toBe(0);
  expect(owed('Status: 204\r\n\r\n', 'GET')).toBe(0);
  expect(owed('\r\n', 'GET')).toBe(undefined);
});
