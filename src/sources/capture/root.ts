/** Who a process that was started as root becomes once nothing needs root any more. */

export interface Identity {
  readonly uid: number;
  readonly gid: number;
}

/** Where root was not lent by sudo: `nobody`, and its group, of every Linux. */
const NOBODY: Identity = { uid: 65_534, gid: 65_534 };
const LARGEST_ID = 0x7fff_ffff;

/** The user who called sudo, else nobody; `undefined` for whom is not root, and has nothing to give up. */
export function identityAfter(
  uid: number | undefined,
  env: Readonly<Record<string, string | undefined>>,
): Identity | undefined {
  if (uid !== 0) return undefined;
  const caller = { uid: idOf(env['SUDO_UID']), gid: idOf(env['SUDO_GID']) };
  return caller.uid > 0 && caller.gid > 0 ? caller : NOBODY;
}

/** Whose files are that root makes for it: `undefined` where root was not lent by sudo, so that they stay root's. */
export function ownerOf(identity: Identity | undefined): Identity | undefined {
  return identity === NOBODY ? undefined : identity;
}

function idOf(text: string | undefined): number {
  const id = /^\d{1,10}$/.test(text ?? '') ? Number(text) : 0;
  return id <= LARGEST_ID ? id : 0;
}

/** Becomes that user, for good: the kernel takes every capability with root. Throws where it does not work. */
export function giveUpRoot({ uid, gid }: Identity): void {
  process.setgroups?.([]);
  process.setgid?.(gid);
  process.setuid?.(uid);
  if (process.getuid?.() !== uid || process.geteuid?.() !== uid) throw new Error('root could not be given up');
}
