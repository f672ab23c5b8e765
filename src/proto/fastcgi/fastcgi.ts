/** FastCGI 1.0 as a protocol of the registry: how its first octets are recognised. */
import type { Dialogue, Message } from '../../model/message.ts';
import type { Octets } from '../../model/octets.ts';
import type { Parser, Protocol, Recognition } from '../protocol.ts';
import { FastcgiParser } from './parser.ts';
import {
  FCGI_BEGIN_REQUEST,
  FCGI_END_REQUEST,
  FCGI_GET_VALUES,
  FCGI_GET_VALUES_RESULT,
  FCGI_STDERR,
  FCGI_STDOUT,
  FCGI_VERSION_1,
  FIXED_CONTENT_LENGTH,
} from './record.ts';

/** What an octet at an offset may be; `undefined` for any. */
type Pattern = readonly ((octet: number) => boolean)[];

const any = (): boolean => true;
const is =
  (...allowed: number[]) =>
  (octet: number): boolean =>
    allowed.includes(octet);

/** Header, then role 1 to 3 and flags of which only FCGI_KEEP_CONN is defined (5.1). */
const BEGIN: Pattern = [
  is(FCGI_VERSION_1),
  is(FCGI_BEGIN_REQUEST),
  any,
  any,
  is(0),
  is(FIXED_CONTENT_LENGTH),
  any,
  any,
  is(0),
  is(1, 2, 3),
  is(0, 1),
];
const GET_VALUES: Pattern = [is(FCGI_VERSION_1), is(FCGI_GET_VALUES), is(0), is(0), any, any, any, is(0)];
const OUTPUT: Pattern = [is(FCGI_VERSION_1), is(FCGI_STDOUT, FCGI_STDERR), any, any, any, any, any, is(0)];
const END: Pattern = [is(FCGI_VERSION_1), is(FCGI_END_REQUEST), any, any, is(0), is(FIXED_CONTENT_LENGTH), any, is(0)];
const RESULT: Pattern = [is(FCGI_VERSION_1), is(FCGI_GET_VALUES_RESULT), is(0), is(0), any, any, any, is(0)];
const CLIENT = [BEGIN, GET_VALUES];
const SERVER = [OUTPUT, END, RESULT];

export const fastcgi: Protocol = {
  name: 'fastcgi',
  client: (octets) => recognise(octets, CLIENT),
  server: (octets) => recognise(octets, SERVER),
  open: (dialogue: Dialogue, emit: (message: Message) => void): Parser => new FastcgiParser(dialogue, emit),
};

function recognise(octets: Octets, patterns: readonly Pattern[]): Recognition {
  let open = false;
  for (const pattern of patterns) {
    if (!fits(octets, pattern)) continue;
    if (octets.end - octets.start >= pattern.length) return 'yes';
    open = true;
  }
  return open ? 'more' : 'no';
}

function fits({ bytes, start, end }: Octets, pattern: Pattern): boolean {
  const length = Math.min(pattern.length, end - start);
  for (let at = 0; at < length; at++) if (!pattern[at]?.(bytes[start + at] as number)) return false;
  return true;
}
