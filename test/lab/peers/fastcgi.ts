/** Octets of FastCGI 1.0 answers, right and wrong. */

export const END_REQUEST = 3;
export const STDOUT = 6;
export const STDERR = 7;

/** One record of request 1, unpadded. */
export function record(type: number, content: string | Buffer, { version = 1, id = 1 } = {}): Buffer {
  const octets = Buffer.from(content);
  const head = Buffer.from([version, type, id >> 8, id & 255, octets.length >> 8, octets.length & 255, 0, 0]);
  return Buffer.concat([head, octets]);
}

/** END_REQUEST with appStatus 0; protocolStatus 2 is OVERLOADED. */
export function endRequest(protocolStatus = 0): Buffer {
  return record(END_REQUEST, Buffer.from([0, 0, 0, 0, protocolStatus, 0, 0, 0]));
}

const CGI_OK = 'Content-Type: text/plain\r\n\r\nok';

export const OK = Buffer.concat([record(STDOUT, CGI_OK), record(STDOUT, ''), endRequest()]);
export const BAD_VERSION = record(STDOUT, CGI_OK, { version: 7 });
export const BAD_TYPE = record(29, CGI_OK);
export const BAD_ID = record(STDOUT, CGI_OK, { id: 259 });
export const END_FIRST = endRequest();
export const OVERLOADED = endRequest(2);
export const EMPTY_STDOUT = Buffer.concat([record(STDOUT, ''), endRequest()]);
export const INVALID_STATUS = Buffer.concat([
  record(STDOUT, `Status: abc\r\n${CGI_OK}`),
  record(STDOUT, ''),
  endRequest(),
]);
export const INVALID_HEADER = Buffer.concat([
  record(STDOUT, `X-Bad\x01Name: 1\r\n${CGI_OK}`),
  record(STDOUT, ''),
  endRequest(),
]);
export const OWN_502 = Buffer.concat([
  record(STDOUT, 'Status: 502 Bad Gateway\r\nContent-Type: text/plain\r\n\r\nmy own upstream is gone'),
  record(STDOUT, ''),
  endRequest(),
]);
export const STDERR_THEN_END = Buffer.concat([record(STDERR, 'PHP message: something is off'), endRequest()]);
export const STDERR_ONLY = record(STDERR, 'PHP message: something is off');
export const STDERR_THEN_OK = Buffer.concat([record(STDERR, 'caught: fatal'), OK]);
/** The head of a record and a part of its content. */
export const CUT_IN_HEADER = record(STDOUT, CGI_OK).subarray(0, 20);
export const BIG_HEAD = record(STDOUT, `Set-Cookie: a=${'c'.repeat(9000)}\r\n`);
