import { rmSync } from 'node:fs';
import { mkdir, statfs } from 'node:fs/promises';
import path from 'node:path';
import { type Clock, type Logger, type Metrics, type TimerHandle, createMetrics, defineGauge } from '@aerogram/runtime';
import { DiskFull } from '../database/errors.ts';
import { hasBallast, makeBallast } from './ballast.ts';

export interface DiskGuardOptions {
  /** The server's data directory, on the disk to watch. */
  dataDir: string;
  /** Size of the file that is deleted when the database cannot start because the disk is full; 0 for none. */
  ballastBytes: number;
  /** When less than the smaller of these two limits is free, nothing is written. */
  minFreeBytes: number;
  minFreePercent: number;
  clock: Clock;
  log: Logger;
  metrics?: Metrics;
  /** How often the disk is checked, in milliseconds; for tests. */
  everyMs?: number;
}

/** Prevents the embedded database from filling its disk, which it would not survive (rule S20, full disks). */
export interface DiskGuard extends AsyncDisposable {
  /** Why nothing may be written now; undefined while there is enough space. */
  readonly refusal: DiskFull | undefined;
  /** Checks the disk now. */
  check(): Promise<void>;
  /** Called when the database failed because the disk is full: deletes the ballast file and refuses writes until there is space again. */
  giveUpBallast(): void;
}

const EVERY_MS = 5000;
const MIB = 2 ** 20;

const freeBytes = defineGauge({
  name: 'aerogram_disk_free_bytes',
  help: 'Free space on the disk of the data directory.',
});
const sizeBytes = defineGauge({
  name: 'aerogram_disk_size_bytes',
  help: 'Size of the disk of the data directory.',
});
const refusing = defineGauge({
  name: 'aerogram_disk_full',
  help: '1 while writes are refused because the disk of the data directory is nearly full.',
});

/** Starts watching the disk; checks it once before it returns. */
export async function createDiskGuard(options: DiskGuardOptions): Promise<DiskGuard> {
  await mkdir(options.dataDir, { recursive: true, mode: 0o700 });
  const guard = new Guard(options);
  await guard.check();
  return guard;
}

class Guard implements DiskGuard {
  readonly #options: DiskGuardOptions;
  readonly #ballast: string;
  readonly #timer: TimerHandle;
  readonly #free;
  readonly #size;
  readonly #refusing;
  #refusal: DiskFull | undefined;
  #checking: Promise<void> | undefined;

  constructor(options: DiskGuardOptions) {
    const metrics = options.metrics ?? createMetrics();
    this.#options = options;
    this.#ballast = path.join(options.dataDir, 'ballast');
    this.#free = metrics.gauge(freeBytes);
    this.#size = metrics.gauge(sizeBytes);
    this.#refusing = metrics.gauge(refusing);
    this.#timer = options.clock.setInterval(() => void this.check(), options.everyMs ?? EVERY_MS);
  }

  get refusal(): DiskFull | undefined {
    return this.#refusal;
  }

  check(): Promise<void> {
    this.#checking ??= this.#check()
      .catch((error: unknown) => this.#options.log.warn({ err: error }, 'could not look at the disk'))
      .finally(() => {
        this.#checking = undefined;
      });
    return this.#checking;
  }

  giveUpBallast(): void {
    rmSync(this.#ballast, { force: true });
    this.#options.log.error({ ballast: this.#ballast }, 'the disk is full: the ballast was given to the database');
    this.#refuse(0, this.#options.ballastBytes);
  }

  async #check(): Promise<void> {
    const { dataDir, ballastBytes, minFreeBytes, minFreePercent } = this.#options;
    const { bavail, blocks, bsize } = await statfs(dataDir);
    const free = bavail * bsize;
    const wanted = Math.min(minFreeBytes, (blocks * bsize * minFreePercent) / 100);
    this.#free.set(free);
    this.#size.set(blocks * bsize);
    const lacksBallast = ballastBytes > 0 && !hasBallast(this.#ballast, ballastBytes);
    if (free < wanted) {
      this.#refuse(free, wanted);
    } else if (lacksBallast && free - ballastBytes >= wanted) {
      await makeBallast(this.#ballast, ballastBytes);
      this.#allow();
    } else if (lacksBallast && this.#refusal) {
      // Without the ballast file the database could not be started after the next failure.
      this.#refuse(free, wanted + ballastBytes);
    } else {
      this.#allow();
    }
  }

  #refuse(free: number, wanted: number): void {
    const { log, dataDir } = this.#options;
    const words =
      `the disk of ${dataDir} is nearly full: ${Math.floor(free / MIB)} MiB are free, ${Math.ceil(wanted / MIB)} MiB are needed; ` +
      'nothing is written until files are removed or the disk is made larger';
    if (!this.#refusal) log.error({ free_bytes: free, wanted_bytes: wanted }, words);
    this.#refusal = new DiskFull(words);
    this.#refusing.set(1);
  }

  #allow(): void {
    if (this.#refusal) this.#options.log.info('the disk has room again; writes are taken');
    this.#refusal = undefined;
    this.#refusing.set(0);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#timer.cancel();
    await this.#checking;
  }
}
