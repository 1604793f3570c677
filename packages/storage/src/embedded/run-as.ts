import { execFile } from 'node:child_process';
import { userInfo } from 'node:os';
import { promisify } from 'node:util';

/** How PostgreSQL's programs are started, since they refuse to run as root. */
export interface RunAs {
  /** Programs that each start the next one in the same process; the last starts PostgreSQL. */
  prefix: string[];
  /** For the system call, where no prefix program can change the user. */
  uid?: number;
  gid?: number;
  /** Who must own the data directory, as this process sees it. */
  owner: { uid: number; gid: number };
  /** For the log. */
  description: string;
}

/** The user id that conventionally owns nothing. */
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

/** A killed server takes its database down with it: the kernel sends the signal for a fast shutdown. */
async function deathSignal(): Promise<string[]> {
  const prefix = ['setpriv', '--pdeathsig', 'INT'];
  return process.platform === 'linux' && (await works([...prefix, 'true'])) ? prefix : [];
}

/** Whether the system knows this user by a name. */
function hasName(): boolean {
  try {
    return userInfo().username !== '';
  } catch {
    return false;
  }
}

/**
 * A user whom the system knows by no name, as containers have them: `initdb` asks for one, so it is shown `nobody`; the files
 * keep belonging to the user.
 * @throws Error where there are no user namespaces
 */
async function asNobody(user: number, namespace: string[]): Promise<string[]> {
  if (await works([...namespace, 'true'])) return namespace;
  throw new Error(
    `PostgreSQL cannot make a database as user ${user}, who has no name here, and user namespaces are not allowed: ` +
      'add the user to /etc/passwd, or set AEROGRAM_DATABASE_URL',
  );
}

/**
 * Chooses how to run PostgreSQL.
 *
 * An ordinary user runs it as is. Root runs it in a user namespace that shows root as `nobody`: the files keep
 * belonging to root, nothing has to be handed over. Without namespaces it really becomes another user, who must
 * reach the programs and own the data.
 * @param existingOwner owner of the data directory when it exists: one that another user made stays theirs
 * @param mustReach directories that PostgreSQL comes through; where `nobody` may not, only that barrier is lifted
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
  if ((existingOwner === undefined || existingOwner.uid === 0) && (await works([...namespace, 'true']))) {
    return { prefix: [...namespace, ...signal], owner: { uid: 0, gid: 0 }, description: 'user namespace' };
  }

  const owner = existingOwner !== undefined && existingOwner.uid !== 0 ? existingOwner : { uid: NOBODY, gid: NOBODY };
  const becomes = ['setpriv', '--reuid', String(owner.uid), '--regid', String(owner.gid), '--clear-groups'];
  // Going there, since `test` asks by a system call that knows nothing of capabilities.
  const reaches = ['sh', '-c', 'for dir; do cd "$dir" || exit; done', 'sh', ...mustReach];
  if (await works([...becomes, ...reaches])) {
    return { prefix: [...becomes, ...signal.slice(1)], owner, description: `user ${owner.uid}` };
  }
  const capability = ['--inh-caps', '-all,+dac_override', '--ambient-caps', '+dac_override', '--bounding-set', '-all,+dac_override'];
  if (await works([...becomes, ...capability, ...reaches])) {
    return { prefix: [...becomes, ...capability, ...signal.slice(1)], owner, description: `user ${owner.uid} with dac_override` };
  }
  return { prefix: [], ...owner, owner, description: `user ${owner.uid}` };
}
