/** Where the field lines of the head that was scanned last lie in its octets. */

/** Field lines marked per head: nginx's own limit (max_headers 1000); later lines are scanned, not looked at. */
export const LINES_LIMIT = 1000;

/** Offsets per line: name start, name end, value start, value end. */
export const MARK = 4;

/**
 * Where the lines of the latest scan lie: four offsets each. One scratch for all: valid until the next scan begins, and
 * only for a head that was scanned in one go.
 */
export const marks: Int32Array = new Int32Array(LINES_LIMIT * MARK);

export function mark(line: number, start: number, nameEnd: number, valueStart: number, valueEnd: number): void {
  const at = line * MARK;
  marks[at] = start;
  marks[at + 1] = nameEnd;
  marks[at + 2] = valueStart;
  marks[at + 3] = valueEnd;
}
