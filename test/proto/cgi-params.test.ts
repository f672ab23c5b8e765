import { describe, expect, test } from 'vitest';
import { CgiParams, FIELD_LIMIT, FIELDS_OCTETS_LIMIT, VALUE_LIMIT, wholeNumber } from '../../src/proto/cgi-params.ts';

function paramsOf(pairs: Record<string, string>): CgiParams {
  const params = new CgiParams();
  for (const [name, value] of Object.entries(pairs)) params.add(name, value);
  return params;
}

describe('the target', () => {
  test.each([
    [{ REQUEST_URI: '/a?b', DOCUMENT_URI: '/c', QUERY_STRING: 'd' }, '/a?b'],
    [{ DOCUMENT_URI: '/i.php/p', SCRIPT_NAME: '/i.php', PATH_INFO: '/p', QUERY_STRING: 'd' }, '/i.php/p?d'],
    [{ SCRIPT_NAME: '/i.php', PATH_INFO: '/p' }, '/i.php/p'],
    [{ PATH_INFO: '/p', QUERY_STRING: 'd=1' }, '/p?d=1'],
    [{ QUERY_STRING: 'd=1' }, ''],
    [{}, ''],
  ])('of %j is %j', (pairs, target) => {
    expect(paramsOf(pairs).words().target).toBe(target);
  });
});

test('method, host and version', () => {
  const pairs = { REQUEST_METHOD: 'PUT', HTTP_HOST: 'a:81', SERVER_NAME: 'b', SERVER_PROTOCOL: 'HTTP/2.0' };
  expect(paramsOf(pairs).words()).toMatchObject({ method: 'PUT', host: 'a:81', version: 'HTTP/2.0' });
  expect(paramsOf({ SERVER_NAME: 'b' }).words().host).toBe('b');
});

describe('the downstream connection', () => {
  const all = { REMOTE_ADDR: '::1', REMOTE_PORT: '65535', SERVER_ADDR: '::2', SERVER_PORT: '443' };

  test('is told by four parameters', () => {
    const { downstream } = paramsOf(all).words();
    expect(downstream).toEqual({ clientAddress: '::1', clientPort: 65535, serverAddress: '::2', serverPort: 443 });
  });

  test('lacks what uwsgi_params and scgi_params lack', () => {
    const { downstream } = paramsOf({ ...all, SERVER_ADDR: '', SERVER_PORT: 'x' }).words();
    expect(downstream).toMatchObject({ serverAddress: '', serverPort: 0 });
  });

  test.each([
    { REMOTE_ADDR: '' },
    { REMOTE_PORT: '' },
    { REMOTE_PORT: '0' },
    { REMOTE_PORT: '65536' },
    { REMOTE_PORT: '-1' },
    { REMOTE_PORT: '80 ' },
  ])('is none with %j', (pairs) => {
    expect(paramsOf({ ...all, ...pairs }).words().downstream).toBe(undefined);
  });
});

test('of two with one name the last counts', () => {
  const params = new CgiParams();
  params.add('REQUEST_URI', '/1');
  params.add('REQUEST_URI', '/2');
  expect(params.words().target).toBe('/2');
});

test('what does not fit is left out and counted', () => {
  const many = new CgiParams();
  for (let n = 0; n < FIELD_LIMIT + 3; n++) many.add('N', '');
  expect([many.fields.length, many.dropped]).toEqual([FIELD_LIMIT, 3]);
  const large = new CgiParams();
  for (let n = 0; n < 6; n++) large.add('', 'v'.repeat(VALUE_LIMIT));
  expect([large.fields.length, large.dropped]).toEqual([FIELDS_OCTETS_LIMIT / VALUE_LIMIT, 2]);
});

test('a number is digits only, and one that a number can hold', () => {
  expect(['0', '007', '12345678901', '', '1 ', '+1', '1e3', '0x1', '9007199254740993'].map(wholeNumber)).toEqual([
    0,
    7,
    12345678901,
    undefined,
    undefined,
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});

test('CONTENT_LENGTH', () => {
  expect(paramsOf({ CONTENT_LENGTH: '12' }).words().announced).toBe(12);
  expect(paramsOf({ CONTENT_LENGTH: '' }).words().announced).toBe(0);
  expect(paramsOf({ CONTENT_LENGTH: 'x' }).words().announced).toBe(undefined);
  expect(paramsOf({}).words().announced).toBe(undefined);
});
