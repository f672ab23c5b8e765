import { describe, expect, test } from 'vitest';
import { FieldLine, type LineStep } from '../../src/proto/cgi-fields.ts';

/** Steps to the first that is not `more`; the field where a line ended. */
function read(text: string): { step: LineStep; at: number; name?: string; value?: string } {
  const line = new FieldLine();
  for (let at = 0; at < text.length; at++) {
    const step = line.step(text.charCodeAt(at));
    if (step === 'more') continue;
    return step === 'line' ? { step, at, ...line.field(text.slice(0, at)) } : { step, at };
  }
  return { step: 'more', at: text.length };
}

describe('lines that pass', () => {
  test.each([
    ['Name: value\r\n', 'Name', 'value'],
    ['Name:value\n', 'Name', 'value'],
    ['Name:   two words   \r\n', 'Name', 'two words'],
    ['Name:\r\n', 'Name', ''],
    ['Name:   \n', 'Name', ''],
    ['Name: a\ttab\r\r\n', 'Name', 'a\ttab'],
    ['under_score: \xff\r\n', 'under_score', '\xff'],
    ['<b>odd</b>: 1\r\n', '<b>odd</b>', '1'],
    ['NoColon\r\n', 'NoColon', ''],
    ['NoColon\n', 'NoColon', ''],
    ['HTTPS/x: 1\n', 'HTTPS/x', '1'],
    ['XHTTP/x: 1\n', 'XHTTP/x', '1'],
  ])('%j', (text, name, value) => {
    expect(read(text)).toEqual({ step: 'line', at: text.length - 1, name, value });
  });
});

test.each(['\n', '\r\n'])('%j ends the head', (text) => {
  expect(read(text)).toEqual({ step: 'end', at: text.length - 1 });
});

test('a second status line is ignored to its LF, whatever it holds', () => {
  expect(read('HTTP/1.1 200 OK\0\r\n')).toEqual({ step: 'ignored', at: 17 });
});

describe('octets that nginx refuses', () => {
  test.each([
    [': value', 0],
    [' folded', 0],
    ['\tfolded', 0],
    ['\0', 0],
    ['\x7f', 0],
    ['Na me: x', 2],
    ['Na\x01me: x', 2],
    ['Na\x7fme: x', 2],
    ['Name: \0', 6],
    ['Name: va\0lue', 8],
    ['Name: value\rX', 12],
    ['Name\rX', 5],
    ['\rX', 1],
  ])('%j', (text, at) => {
    expect(read(text)).toEqual({ step: 'bad', at });
  });
});

test('the next line begins anew', () => {
  const line = new FieldLine();
  for (const character of 'HTTPX: 1\n') line.step(character.charCodeAt(0));
  line.restart();
  for (const character of 'B:  2 \n') line.step(character.charCodeAt(0));
  expect(line.field('B:  2 ')).toEqual({ name: 'B', value: '2' });
});
