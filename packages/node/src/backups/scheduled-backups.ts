import { type ChildProcess, fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { type Clock, type Config, defineGauge, type Lifecycle, type Logger, type Metrics, pause, workerFile } from '@aerogram/runtime';
import { BackupShelf, identifyDatabase, lockDataDirectory } from '@aerogram/storage';
import type { BackupOrder, BackupReply } from './backup-worker.ts';
import { noteFailedBackup, readLastBackup } from './last-backup.ts';

/** After how long, in milliseconds, a failed backup is tried again at first; twice as long after each further failure. */
const RETRY_MS = 60_000;
/** The longest pause between two tries, in milliseconds. */
const RETRY_MAX_MS = 3_600_000;
/** The longest sleep, in milliseconds: the clock may be set meanwhile. */
const SLEEP_MS = 3_600_000;

const age = defineGauge({ name: 'aerogram_backup_age_seconds', help: 'How long ago the newest backup was finished, by the schedule or by hand; before the first one, how long the server has waited for it. Absent if none are scheduled.' });
const interval = defineGauge({ name: 'aerogram_backup_interval_seconds', help: 'How often a backup is made; absent if none are scheduled.' });
const failing = defineGauge({ name: 'aerogram_backup_failing', help: '1 while the last scheduled backup failed; absent if none are scheduled.' });

interface BackupsDeps {
  config: BackupOrder['config'] & Pick<Config, 'databaseUrl' | 'backupDir' | 'backupEveryMs' | 'backupKeep'>;
  /** URL of the database. */
  url: string;
  clock: Clock;
  log: Logger;
}

/** Shows at `/metrics` how old the newest backup is. */
function showBackups({ config: { dataDir, backupEveryMs }, clock, metrics }: Pick<BackupsDeps, 'config' | 'clock'> & { metrics: Metrics }): void {
  const beganMs = clock.nowMs();
  metrics.gauge(interval).set(backupEveryMs / 1000);
  metrics.onRender(() => {
    const { good, failure } = readLastBackup(dataDir);
    const sinceMs = good === undefined ? beganMs : Date.parse(good.finished_at);
    metrics.gauge(age).set(Math.max(0, clock.nowMs() - sinceMs) / 1000);
    metrics.gauge(failing).set(failure === undefined ? 0 : 1);
  });
}

/** Adds the backups that a server makes by itself, if the settings want some and the database is the embedded one. */
export function addBackups(lifecycle: Lifecycle, { config, metrics, ...deps }: BackupsDeps & { metrics: Metrics }): void {
  const { backupDir, databaseUrl } = config;
  if (backupDir === undefined || databaseUrl !== undefined) return;
  const backups = new ScheduledBackups({ ...deps, config: { ...config, backupDir } });
  showBackups({ config, metrics, clock: deps.clock });
  const end = (): Promise<void> => backups[Symbol.asyncDispose]();
  lifecycle.add({ name: 'backups', start: () => backups.start(), drain: end, stop: end });
}

/** Makes a backup whenever one is due, one at a time, each in a process of low priority. */
class ScheduledBackups implements AsyncDisposable {
  readonly #deps: BackupsDeps & { config: { backupDir: string } };
  readonly #closing = new AbortController();
  #running: Promise<void> | undefined;
  #child: ChildProcess | undefined;

  constructor(deps: BackupsDeps & { config: { backupDir: string } }) {
    this.#deps = deps;
  }

  start(): void {
    this.#running = this.#run();
  }

  /** Stops a backup under way, which is lost. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    const isUnderWay = this.#child?.connected === true;
    if (isUnderWay) this.#child?.disconnect();
    await this.#running;
    if (isUnderWay) await this.#clearUp();
  }

  /** Removes what the ended process could not: some of its writes may have been under way. */
  async #clearUp(): Promise<void> {
    const { log, config: { backupDir } } = this.#deps;
    try {
      await using _lock = await lockDataDirectory(backupDir);
      await new BackupShelf(backupDir).clear();
    } catch (error) {
      log.debug({ err: error }, 'an unfinished backup is left for the next one to remove');
    }
  }

  async #run(): Promise<void> {
    const { clock, config, log } = this.#deps;
    const { signal } = this.#closing;
    for (let failures = 0; !signal.aborted; ) {
      let reply: BackupReply;
      try {
        const waitMs = await this.#waitMs();
        if (waitMs > 0) {
          await pause(clock, Math.min(waitMs, SLEEP_MS), signal);
          continue;
        }
        reply = await this.#makeOne();
      } catch (error) {
        reply = { kind: 'failed', reason: error instanceof Error ? error.message : String(error) };
      }
      if (signal.aborted) return;
      failures = reply.kind === 'made' ? 0 : failures + 1;
      try {
        this.#note(reply);
      } catch (error) {
        log.error({ err: error }, 'the last backup cannot be noted');
      }
      if (failures > 0) await pause(clock, Math.min(RETRY_MS * 2 ** (failures - 1), RETRY_MAX_MS, config.backupEveryMs), signal);
    }
  }

  /** Milliseconds until the next backup is due. What counts are the backups that are there. */
  async #waitMs(): Promise<number> {
    const { config, url, clock } = this.#deps;
    const { backupDir, backupEveryMs } = config;
    const [newest] = existsSync(backupDir) ? await new BackupShelf(backupDir).list(await identifyDatabase(url)) : [];
    if (newest === undefined) return 0;
    // After the clock has gone back, the newest one seems to be of the future.
    return Math.min(backupEveryMs, Date.parse(newest.manifest.finished_at) + backupEveryMs - clock.nowMs());
  }

  #note(reply: BackupReply): void {
    const { config, log, clock } = this.#deps;
    if (reply.kind === 'made') {
      const { directory, bytes, seconds, cleared, removed } = reply;
      log.info({ event: 'backup', directory, bytes, seconds, cleared, removed }, 'made a backup');
    } else {
      noteFailedBackup(config.dataDir, { at: new Date(clock.nowMs()).toISOString(), reason: reply.reason });
      log.error({ event: 'backup_failed', reason: reply.reason }, 'the scheduled backup has failed; it is tried again');
    }
  }

  #makeOne(): Promise<BackupReply> {
    const { url, config } = this.#deps;
    const { dataDir, masterKeys, masterKeysCommand, s3Bucket, minFreeBytes, minFreePercent, backupDir, backupKeep: keep } = config;
    return new Promise((resolve, reject) => {
      const child = fork(workerFile('backup-worker'), [], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'], execArgv: ['--max-old-space-size=256'] });
      this.#child = child;
      child.once('message', (reply: BackupReply) => resolve(reply));
      child.once('error', reject);
      child.once('exit', (code, signal) => {
        this.#child = undefined;
        resolve({ kind: 'failed', reason: `the process that makes it ended before it was finished (${signal ?? `exit code ${code}`})` });
      });
      const order: BackupOrder = { config: { dataDir, masterKeys, masterKeysCommand, s3Bucket, minFreeBytes, minFreePercent }, url, backupDir, keep };
      child.send(order);
    });
  }
}
