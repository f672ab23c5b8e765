/** Lines of the text protocol, gathered from pieces of any size. Bounded: of a long line only its beginning is kept. */
import type { Octets } from '../../model/octets.ts';
import { latin1 } from '../latin1.ts';

/** Octets of a line that are kept: a VALUE line with the longest key we believe is half as long. */
const LINE_KEPT = 1024;
/** A line without an end for so long is given up: nginx's memcached_buffer_size is one page, too. */
export const LINE_LIMIT = 4096;

const LF = 0x0a;

export class Line {
  /** Without its end. */
  text = '';
  /** Octets of it so far, its end included. */
  octets = 0;
  state: 'open' | 'whole' | 'too-long' = 'open';

  /** Takes octets from `at`; returns where it stopped, which is the end of `octets` unless the line is over. */
  take(octets: Octets, at: number): number {
    const to = Math.min(octets.end, at + LINE_LIMIT - this.octets);
    let end = at;
    while (end < to && octets.bytes[end] !== LF) end++;
    const over = end < to ? end + 1 : end;
    if (this.text.length < LINE_KEPT) {
      this.text += latin1(octets.bytes, at, Math.min(over, at + LINE_KEPT - this.text.length));
    }
    this.octets += over - at;
    if (over > end) this.state = 'whole';
    else if (this.octets >= LINE_LIMIT) this.state = 'too-long';
    return over;
  }
}
