import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Logger, OperatorError } from '@aerogram/runtime';
import { type Binaries, type Engine, findBinaries } from './binaries.ts';
import { lockDataDirectory } from './data-lock.ts';
import { type Exit, type Postmaster, launchPostmaster, spawnProgram, waitForExit } from './postmaster.ts';
import { type RunAs, chooseRunAs } from './run-as.ts';
import { initArguments, serverSettings } from './settings.ts';
import { archiveOf, archiveSettings, systemIdentifier } from './wal-archive.ts';
import { clearStalePostmaster } from './stale-postmaster.ts';
import { checkNoUnfinishedRestore } from './unfinished-restore.ts';
import { reserveLog } from './wal-reserve.ts';

export interface EmbeddedOptions {
  /** The server's data directory; the database is in `postgres-<major>` inside it. */
  dataDir: string;
  log: Logger;
  /** `embedded` (default): from npm, otherwise an installed one; or the programs in a directory. */
  engine?: Engine;
  /** Directory to which every complete WAL segment is copied, for `aerogram restore --to`. */
  archiveDir?: string | undefined;
  /**
   * Called when the database ended or did not start because the disk is full. The callback may free some space; the database is then
   * started again.
   */
  onDiskFull?: () => void;
  /** Called with a short description of what a slow start is doing. */
  onProgress?: (words: string) => void;
  /** Refuses to create a database if there is none. */
  mustExist?: boolean;
  /** Settings that override the default ones; for tests. */
  settings?: Readonly<Record<string, string>> | undefined;
}

/** A database server that belongs to this process. */
export interface EmbeddedPostgres extends AsyncDisposable {
  /** URL for `openDatabase`. */
  readonly url: string;
  readonly socketDir: string;
  readonly major: number;
  /** Directory of the WAL archive, if there is one. */
  readonly archive: string | undefined;
  /** Version string reported by PostgreSQL, and where it was found. */
  readonly version: string;
  /** Pid of the current postmaster; changes after a restart. */
  readonly pid: number;
  /** Fast shutdown: open transactions are rolled back, committed ones are written. */
  stop(): Promise<void>;
}

/** Longest socket path that every system accepts, minus the name of the socket file. */
const MAX_SOCKET_PATH = 100;

const SOCKET_NAME = '.s.PGSQL.5432';

/** How long the start is retried while the remains of a killed database go away, in milliseconds. */
const START_RETRY_MS = 60_000;
/** Pauses before a database that ended by itself is restarted, in milliseconds. */
const RESTART_PAUSES_MS = [0, 200, 1000, 5000, 15_000];
/** After running this long, in milliseconds, a database counts as stable: its next restart begins with the shortest pause again. */
const STABLE_MS = 60_000;
/** A fast shutdown that takes longer, in milliseconds, is turned into an immediate one (with recovery at the next start). */
const STOP_TIMEOUT_MS = 20_000;

/** The major version that created the data directory, from the name of the database's directory. */
function findExistingMajor(dataDir: string): number | undefined {
  const majors = readdirSync(dataDir)
    .map((name) => Number(/^postgres-(\d+)$/.exec(name)?.[1]))
    .filter((major) => major > 0 && existsSync(path.join(dataDir, `postgres-${major}`, 'PG_VERSION')));
  return majors.length === 0 ? undefined : Math.max(...majors);
}

/** Creates the cluster under a temporary name first, so that a killed `initdb` leaves no incomplete one behind. */
async function initialize(binaries: Binaries, runAs: RunAs, pgData: string): Promise<void> {
  const draft = `${pgData}.new`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { mode: 0o700 });
  if (process.geteuid?.() === 0) chownSync(draft, runAs.owner.uid, runAs.owner.gid);
  const exit = await waitForExit(spawnProgram(binaries, runAs, 'initdb', ['-D', draft, ...initArguments(binaries.major)]));
  if (exit.code !== 0) {
    rmSync(draft, { recursive: true, force: true });
    throw new Error(`initdb (${binaries.origin}, run as ${runAs.description}) failed: ${exit.lines.join('\n')}`);
  }
  await reserveLog(draft, runAs.owner);
  renameSync(draft, pgData);
}

/** Chooses the directory of the socket: the database's own, or a private one if that path is too long for a socket. */
export function chooseSocketDir(pgData: string, runAs: RunAs): { socketDir: string; isTemporary: boolean } {
  if (Buffer.byteLength(path.join(pgData, SOCKET_NAME)) < MAX_SOCKET_PATH) return { socketDir: pgData, isTemporary: false };
  const socketDir = mkdtempSync(path.join(tmpdir(), 'aerogram-'));
  if (process.geteuid?.() === 0) chownSync(socketDir, runAs.owner.uid, runAs.owner.gid);
  return { socketDir, isTemporary: true };
}

/** Whether the start led to a running database. */
export const isPostmaster = (outcome: Postmaster | Exit): outcome is Postmaster => 'pid' in outcome;

/** Temporary start failures: processes of a killed database are still ending. */
const PASSING = /pre-existing shared memory block|lock file .* already exists|Address already in use/;

const NO_ROOM = /No space left on device/;

/**
 * Starts PostgreSQL in the data directory, creates the database on the first start, and keeps it running until `stop`. It listens on a Unix
 * socket that only its owner can reach, never on the network.
 * @throws DataDirectoryLocked when another server runs there; OperatorError when the database must exist but does not, or when a restore was not finished; Error with the last
 * output of the database when it does not start
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const { log, engine = 'embedded' } = options;
  if (process.platform === 'win32') {
    throw new Error('the embedded database does not run on Windows; use WSL, or set AEROGRAM_DATABASE_URL');
  }
  if (options.mustExist && (!existsSync(options.dataDir) || findExistingMajor(options.dataDir) === undefined)) {
    checkNoUnfinishedRestore(options.dataDir);
    throw new OperatorError(`there is no database in ${options.dataDir} yet: start the server once, or give its directory with --data-dir`);
  }
  mkdirSync(options.dataDir, { recursive: true, mode: 0o700 });
  const dataDir = await realpath(options.dataDir);
  const lock = await lockDataDirectory(dataDir);
  try {
    return await startLocked(dataDir, options, { engine, lock, log });
  } catch (error) {
    await lock[Symbol.asyncDispose]();
    throw error;
  }
}

async function startLocked(
  dataDir: string,
  { archiveDir, onDiskFull, onProgress = () => {}, settings: extraSettings }: EmbeddedOptions,
  { engine, lock, log }: { engine: Engine; lock: AsyncDisposable; log: Logger },
): Promise<EmbeddedPostgres> {
  const existingMajor = findExistingMajor(dataDir);
  if (existingMajor === undefined) checkNoUnfinishedRestore(dataDir);
  const binaries = await findBinaries(engine, existingMajor, path.join(dataDir, 'postgres-lib'));
  const pgData = path.join(dataDir, `postgres-${binaries.major}`);
  const existing = existingMajor === undefined ? undefined : statSync(pgData);
  const runAs = await chooseRunAs(existing, [binaries.binDir, path.dirname(dataDir)]);
  if (existing && existing.uid !== runAs.owner.uid) {
    throw new Error(`${pgData} belongs to user ${existing.uid}; run the server as that user, or change its owner`);
  }
  // A different user must at least be able to enter its own directory; the other files here have their own modes.
  if (runAs.owner.uid !== (process.geteuid?.() ?? 0)) chmodSync(dataDir, statSync(dataDir).mode | 0o011);

  if (!existing) onProgress('making the database');
  if (!existing) await initialize(binaries, runAs, pgData);
  const { socketDir, isTemporary } = chooseSocketDir(pgData, runAs);
  const settings = {
    ...serverSettings(binaries.major, socketDir),
    ...(archiveDir === undefined ? {} : archiveSettings(archiveDir, pgData, runAs.owner)),
    ...extraSettings,
  };

  const launch = async (): Promise<Postmaster> => {
    await clearStalePostmaster(pgData, log);
    const startedMs = performance.now();
    let madeRoom = false;
    for (;;) {
      const outcome = await launchPostmaster({ binaries, runAs }, pgData, settings, { log, onProgress });
      if (isPostmaster(outcome)) return outcome;
      const words = outcome.lines.join('\n');
      if (NO_ROOM.test(words) && onDiskFull && !madeRoom) {
        madeRoom = true;
        onDiskFull();
        continue;
      }
      if (!PASSING.test(words) || performance.now() - startedMs > START_RETRY_MS) {
        throw new Error(`PostgreSQL (${binaries.origin}, run as ${runAs.description}) did not start: ${words}`);
      }
      await delay(50);
    }
  };

  const keeper = new Keeper(await launch(), launch, log);
  log.info({ version: binaries.version, origin: binaries.origin, run_as: runAs.description, pid: keeper.pid }, 'embedded database runs');
  let stopping: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    await keeper[Symbol.asyncDispose]();
    if (isTemporary) rmSync(socketDir, { recursive: true, force: true });
    await lock[Symbol.asyncDispose]();
  };
  return {
    url: `postgresql://aerogram@localhost/postgres?host=${encodeURIComponent(socketDir)}`,
    socketDir,
    archive: archiveDir === undefined ? undefined : archiveOf(archiveDir, systemIdentifier(pgData)),
    major: binaries.major,
    version: `${binaries.version} (${binaries.origin})`,
    get pid() {
      return keeper.pid;
    },
    stop: () => (stopping ??= stop()),
    [Symbol.asyncDispose]: () => (stopping ??= stop()),
  };
}

/** Restarts a database that ends by itself (killed, out of memory) until it is disposed. */
class Keeper implements AsyncDisposable {
  #postmaster: Postmaster;
  readonly #stopping = new AbortController();
  readonly #watch: Promise<void>;

  constructor(postmaster: Postmaster, launch: () => Promise<Postmaster>, log: Logger) {
    this.#postmaster = postmaster;
    this.#watch = this.#keep(launch, log);
  }

  get pid(): number {
    return this.#postmaster.pid;
  }

  async #keep(launch: () => Promise<Postmaster>, log: Logger): Promise<void> {
    for (let failures = 0; ; ) {
      const startedMs = performance.now();
      const exit = await this.#postmaster.exited;
      if (this.#stopping.signal.aborted) return;
      if (performance.now() - startedMs > STABLE_MS) failures = 0;
      log.error({ code: exit.code, signal: exit.signal }, 'the embedded database ended by itself; starting it again');
      for (let restarted = false; !restarted; ) {
        const pauseMs = RESTART_PAUSES_MS[Math.min(failures++, RESTART_PAUSES_MS.length - 1)]!;
        await delay(pauseMs, undefined, { signal: this.#stopping.signal }).catch(() => undefined);
        if (this.#stopping.signal.aborted) return;
        try {
          this.#postmaster = await launch();
          restarted = true;
          // If we were stopped meanwhile, the stopping code waits for this and ends the new database.
          if (this.#stopping.signal.aborted) return;
        } catch (error) {
          log.error({ err: error }, 'the embedded database did not start');
        }
      }
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopping.abort();
    // A restart under way finishes first, so that no database is left running.
    const postmaster = this.#postmaster;
    this.#signal(postmaster.pid, 'SIGINT');
    const deadline = setTimeout(() => this.#signal(this.#postmaster.pid, 'SIGQUIT'), STOP_TIMEOUT_MS);
    try {
      await postmaster.exited;
      await this.#watch;
      if (this.#postmaster !== postmaster) {
        this.#signal(this.#postmaster.pid, 'SIGINT');
        await this.#postmaster.exited;
      }
    } finally {
      clearTimeout(deadline);
    }
  }

  #signal(pid: number, signal: NodeJS.Signals): void {
    try {
      process.kill(pid, signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
}
