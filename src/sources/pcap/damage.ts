/** Where a capture stops being readable, and what to do about it. A value: everything read before it stands. */

export interface Damage {
  /** `cut-short`: the file ends inside a record, as it does while it is being written or when its writer was killed. */
  readonly kind: 'cut-short' | 'damaged';
  /** Of the first octet of the record that could not be read, from the start of the (unpacked) capture. */
  readonly offset: number;
  /** The number that record would have had. */
  readonly record: number;
  readonly text: string;
  readonly remedy: string;
}
