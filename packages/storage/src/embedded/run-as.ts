import { execFile } from 'node:child_process';
import { userInfo } from 'node:os';
import { promisify } from 'node:util';
import { OperatorError } from '@aerogram/runtime';

/** How to start PostgreSQL's programs, which refuse to run as root. */
export interface RunAs {
  /** Programs that each execute the next one in the same process; the last one executes PostgreSQL. */
  prefix: string[];
  /** User for the system call that starts the program, if no prefix program can change the user. */
  uid?: number;
  gid?: number;
  /** Required owner of the data directory, as this process sees it. */
  owner: { uid: number; gid: number };
  /** For the log. */
  description: string;
}

/** The uid of `nobody`, which by convention owns no files. */
const NOBODY = 65_534;

const run = promisify(execFile);

async function works(command: string[]): Promise<boolean> {
  try {
    await run(command[0]!, command.slice(1));
    return true;
  } catch {
    return false;
  }
}

/** Makes the kernel send the signal for a fast shutdown when the server is killed, so that its database ends too. */
async function deathSignal(): Promise<string[]> {
  const prefix = ['setpriv', '--pdeathsig', 'INT'];
  return process.platform === 'linux' && (await works([...prefix, 'true'])) ? prefix : [];
}

/** Whether the system has a name for the current user. */
function hasName(): boolean {
  try {
    return userInfo().username !== '';
  } catch {
    return false;
  }
}

/**
 * For a user without a name, as in containers: `initdb` requires one, so a user namespace maps the user to `nobody`. The files still belong
 * to the user.
 * @throws OperatorError when user namespaces are not available, or `nobody` has no name
 */
async function asNobody(user: number, namespace: string[]): Promise<string[]> {
  // Where not even `nobody` has a name, the namespace is of no use.
  if (await works([...namespace, 'id', '-un'])) return namespace;
  throw new OperatorError(
    `PostgreSQL cannot make a database as user ${user}, who has no name here, and user namespaces are not allowed, or know no user nobody: ` +
      'add the user to /etc/passwd, or set AEROGRAM_DATABASE_URL',
  );
}

/**
 * Chooses how to run PostgreSQL.
 *
 * An ordinary user runs it directly. Root runs it in a user namespace that maps root to `nobody`: the files still belong to root, and no
 * ownership has to be changed. Without user namespaces it really switches to another user, who must be able to reach the programs and must
 * own the data.
 * @param existingOwner owner of the data directory if it exists; a directory created by another user keeps its owner
 * @param mustReach directories that PostgreSQL must be able to enter; if `nobody` may not, only that check is bypassed
 */
export async function chooseRunAs(
  existingOwner: { uid: number; gid: number } | undefined,
  mustReach: string[],
): Promise<RunAs> {
  const uid = process.geteuid?.() ?? 0;
  const gid = process.getegid?.() ?? 0;
  const signal = await deathSignal();
  const namespace = ['unshare', '--user', `--map-user=${NOBODY}`, `--map-group=${NOBODY}`];
  if (uid !== 0) {
    const shown = existingOwner !== undefined || hasName() ? [] : await asNobody(uid, namespace);
    return { prefix: [...shown, ...signal], owner: { uid, gid }, description: shown.length > 0 ? 'user namespace' : 'this user' };
  }
  // Uses `cd`, because `test` asks by a system call that ignores capabilities.
  const reaches = ['sh', '-c', 'for dir; do cd "$dir" || exit; done', 'sh', ...mustReach];
  // In the namespace root may not enter folders of other users that are closed, such as a home directory.
  if ((existingOwner === undefined || existingOwner.uid === 0) && (await works([...namespace, ...reaches]))) {
    return { prefix: [...namespace, ...signal], owner: { uid: 0, gid: 0 }, description: 'user namespace' };
  }

  const owner = existingOwner !== undefined && existingOwner.uid !== 0 ? existingOwner : { uid: NOBODY, gid: NOBODY };
  const becomes = ['setpriv', '--reuid', String(owner.uid), '--regid', String(owner.gid), '--clear-groups'];
  if (await works([...becomes, ...reaches])) {
    return { prefix: [...becomes, ...signal.slice(1)], owner, description: `user ${owner.uid}` };
  }
  const capability = ['--inh-caps', '-all,+dac_override', '--ambient-caps', '+dac_override', '--bounding-set', '-all,+dac_override'];
  if (await works([...becomes, ...capability, ...reaches])) {
    return { prefix: [...becomes, ...capability, ...signal.slice(1)], owner, description: `user ${owner.uid} with dac_override` };
  }
  return { prefix: [], ...owner, owner, description: `user ${owner.uid}` };
}
