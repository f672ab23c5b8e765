/** Why a file or a directory that the user named cannot be written, and what to do: a line for standard error. */
import { safeName } from '../sinks/safe-text.ts';
import { codeOf } from '../sources/failure.ts';

const ELSEWHERE = 'Name one in a folder that you may write to.';

const KNOWN: ReadonlyMap<string, readonly [cause: string, remedy: string]> = new Map([
  ['ENOENT', ['its folder is not there, or takes no files', 'Make one first (mkdir -p), or name another.']],
  ['ENOTDIR', ['a part of the path is not a directory', ELSEWHERE]],
  ['EEXIST', ['something else of that name, or of a folder above it, is there', 'Name another.']],
  ['EISDIR', ['this is a directory', 'Name a file in it.']],
  ['EACCES', ['permission denied', ELSEWHERE]],
  ['EPERM', ['not permitted', ELSEWHERE]],
  ['EROFS', ['the file system is read-only', ELSEWHERE]],
  ['ELOOP', ['a symbolic link', 'Name the file that it leads to.']],
  ['ENAMETOOLONG', ['the name is too long', 'Name a shorter one.']],
  ['ENOSPC', ['no room is left on that disk', 'Make room (df -h), or name one on another disk.']],
  ['EDQUOT', ['your quota of that disk is used up', 'Make room, or name one on another disk.']],
]);

/** @param path as the user named it */
export function unwritable(error: unknown, path: string): string {
  const code = codeOf(error);
  const [cause, remedy] = KNOWN.get(code) ?? [code, ELSEWHERE];
  return `${safeName(path)} cannot be written: ${cause}. ${remedy}`;
}
