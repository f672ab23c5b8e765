import { expect, test } from 'vitest';
import { client, clientMisses, join, server, serverFin } from '../cgi-talk.ts';
import { begin, PARAMS, params, record, request, stdin } from './records.ts';
import { FINAL, said } from './said.ts';

test('records of no request, unknown types and wrong BEGIN_REQUESTs are faults of the client', () => {
  const bad = join(request(), record(4, 'x', { id: 9 }), record(77), record(1, 'short'), begin({ id: 0 }));
  expect(said(client(bad)).slice(2)).toEqual([
    '1 #9 fault forward record-request-id  "" @246',
    '1 fault forward record-type  "" @255',
    '1 fault forward record-unexpected begin-request "" @263',
    '1 fault forward record-request-id  "" @276',
  ]);
});

test('another protocol after a request', () => {
  expect(said(client(join(request(), '\x16\x03\x01\x02\0\x01\0\x01')))).toContain(
    '1 fault forward other-protocol tls "\\u0016\\u0003\\u0001\\u0002\\u0000\\u0001\\u0000" @246',
  );
});

test('an unknown role is read as a Responder', () => {
  const acts = [client(join(begin({ role: 9 }), params(PARAMS), stdin('x')))];
  expect(said(...acts).map((line) => line.split(' ')[1])).toEqual(['request-head', 'request-end']);
});

test('BEGIN_REQUEST with a hole begins a request', () => {
  const acts = [client(begin().subarray(0, 9)), clientMisses(7), client(join(params(PARAMS), stdin())), server(FINAL)];
  expect(said(...acts)).toHaveLength(6);
});

test('an empty record of no request is harmless: a body that the server did not wait for', () => {
  expect(said(client(join(request(), record(5))), server(FINAL), client(record(5)), serverFin)).toHaveLength(6);
});

test('after a gap no record of a request that was not seen is a fault', () => {
  const acts = [client(record(9, 'x', { id: 0 })), clientMisses(30), client(request({ id: 2 }))];
  expect(said(...acts.slice(0, 2))).toEqual(['2 lost forward 30']);
});

test('STDIN before the end of PARAMS ends them', () => {
  const acts = [client(join(begin(), record(4, '\x0e\x03REQUEST_METHODPUT'), stdin('body')))];
  expect(said(...acts)).toEqual(['1 request-head PUT    (43)', '1 request-end 63']);
});
