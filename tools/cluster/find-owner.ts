import { chmodSync, readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { OperatorError } from '@aerogram/runtime';

/** A user of the system. */
export interface Owner {
  name: string;
  uid: number;
  gid: number;
}

const NAME = 'postgres';

/**
 * Who runs PostgreSQL, Patroni and etcd, and owns their data: for root the user `postgres`, since PostgreSQL refuses to run as root. Opens
 * the directory so that this user can enter it.
 * @returns undefined for the user who runs this program
 * @throws OperatorError if a directory above is closed for that user
 */
export function findOwner(dataDir: string): Owner | undefined {
  if (process.geteuid?.() !== 0) return undefined;
  const owner = parseOwner(readFileSync('/etc/passwd', 'utf8'));
  if (owner === undefined) throw new OperatorError(`there is no user ${NAME}, as whom PostgreSQL could run; run this as another user than root`);
  chmodSync(dataDir, statSync(dataDir).mode | 0o011);
  for (let path = dirname(dataDir); path !== dirname(path); path = dirname(path)) {
    if ((statSync(path).mode & 0o001) === 0) throw new OperatorError(`the user ${NAME} cannot enter ${path}: choose another --data-dir, or run this as another user than root`);
  }
  return owner;
}

/** The user `postgres` in the text of /etc/passwd. */
export function parseOwner(passwd: string): Owner | undefined {
  const [, , uid, gid] = passwd.split('\n').map((line) => line.split(':')).find(([name]) => name === NAME) ?? [];
  return uid === undefined || gid === undefined ? undefined : { name: NAME, uid: Number(uid), gid: Number(gid) };
}
