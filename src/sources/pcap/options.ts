/** The options at the end of a pcapng block (draft-ietf-opsawg-pcapng 3.5). */

const END_OF_OPTIONS = 0;
const OPTION_HEADER = 4;

/** `at` and `length` are those of the value. */
export type OptionReader = (view: DataView, code: number, at: number, length: number) => void;

/** Calls `read` for each option of `view[at..end)`. An option that runs over the end ends the list: lax, as everybody is. */
export function readOptions(view: DataView, little: boolean, at: number, end: number, read: OptionReader): void {
  for (let option = at; option + OPTION_HEADER <= end; ) {
    const code = view.getUint16(option, little);
    const length = view.getUint16(option + 2, little);
    const value = option + OPTION_HEADER;
    if (code === END_OF_OPTIONS || value + length > end) return;
    read(view, code, value, length);
    option = value + ((length + 3) & ~3);
  }
}
