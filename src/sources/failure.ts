/** Why a capture could not be read at all: said by the environment, or by what the file turned out to be. A value. */

export interface InputFailure {
  readonly kind: 'failure';
  /** The system's error code, or `not-a-capture`, `terminal`. */
  readonly code: string;
  /** One line each, for stderr. `cause` holds the name as given: unsafe to print as it is. */
  readonly cause: string;
  readonly remedy: string;
}

const KNOWN: ReadonlyMap<string, readonly [cause: string, remedy: string]> = new Map([
  ['ENOENT', ['no such file', 'Check the path; a relative one counts from the current directory.']],
  ['EACCES', ['permission denied', 'Run as a user who may read it, or: sudo cat FILE | why502 analyze -']],
  ['EPERM', ['not permitted', 'Run as a user who may read it, or: sudo cat FILE | why502 analyze -']],
  ['EISDIR', ['this is a directory', 'Name the capture files in it: why502 analyze DIR/*.pcap']],
  ['ENOTDIR', ['a part of the path is not a directory', 'Check the path.']],
  ['ELOOP', ['too many symbolic links', 'Name the file that the links should lead to.']],
  ['ENAMETOOLONG', ['the name is too long', 'Check the path.']],
  ['EMFILE', ['too many open files', 'Raise the limit (ulimit -n) or name fewer files.']],
  ['terminal', ['this is a terminal', 'Pipe a capture into it: tcpdump -U -w - | why502 analyze -']],
  ['EIO', ['the disk could not be read', 'Copy the file to another disk; look at dmesg.']],
]);

/** The failure that an error of node:fs stands for. */
export function failureOf(name: string, error: unknown): InputFailure {
  const code = codeOf(error);
  const [cause, remedy] = KNOWN.get(code) ?? [
    error instanceof Error ? error.message : code,
    'Check the path and try again.',
  ];
  return { kind: 'failure', code, cause: `${name}: ${cause}`, remedy };
}

export function notACapture(name: string, looksLike: string, remedy: string): InputFailure {
  return { kind: 'failure', code: 'not-a-capture', cause: `${name}: ${looksLike}`, remedy };
}

/** The system's code of an error, or `unknown`. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown';
}
