/** What the FastCGI parser says of a script, after making sure that no split of the octets changes it. */
import { expect } from 'vitest';
import { fastcgi } from '../../../src/proto/fastcgi/fastcgi.ts';
import { type Act, client, join, lines, play } from '../cgi-talk.ts';
import { endRequest, HEAD, request, stdout } from './records.ts';

const SIZES = [1, 2, 3, 7, 8, 9, 13, 16, 100];

export function said(...acts: Act[]): string[] {
  const whole = lines(play(fastcgi, acts));
  for (const size of SIZES) expect(lines(play(fastcgi, acts, size)), `${size} octets at a time`).toEqual(whole);
  return whole;
}

/** The same in answer to a plain request, without what the request says. */
export function answered(...acts: Act[]): string[] {
  return said(client(request()), ...acts).slice(2);
}

/** The head that `HEAD` becomes, in the second frame. */
export const HEADED = '2 response-head 200 Content-Type=text/plain';
export const FINAL = join(stdout(`${HEAD}ok`), endRequest());
