import { type Clock, type CommandRun, defineCounter, defineGauge, defineHistogram, type Logger, type Metrics, runCommand } from '@aerogram/runtime';

import { WaitingQueue } from './waiting-queue.ts';

/** The most files that wait in one process of the server. */
const WAITING_MAX = 1000;
/** The most files of one account that wait. */
const WAITING_PER_ACCOUNT = 20;
/** How long a file may wait for its turn, in milliseconds. Its client then repeats the call. */
const WAIT_MS = 30_000;
/** The exit code by which a command refuses a file. Virus scanners such as clamdscan use it. */
const REFUSED_CODE = 1;

const resultsMetric = defineCounter({ name: 'aerogram_file_hook_total', help: 'New files that the hook of the operator was to judge, by what came of it: accepted, refused, failed, or busy.', labels: ['result'] });
const secondsMetric = defineHistogram({ name: 'aerogram_file_hook_seconds', help: 'How long the hook took for one file.' });
const waitingMetric = defineGauge({ name: 'aerogram_file_hook_waiting', help: 'New files that wait for the hook.' });

/** What a hook says about a file. `failed`: it has said nothing. `busy`: too many files wait; the call can be repeated. */
export type HookVerdict = 'accepted' | 'refused' | 'failed' | 'busy';

/** A file that a hook is asked about. */
export interface HookedFile {
  /** The account whose turn it takes. */
  account: bigint;
  /** Bytes. */
  size: number;
  /** Hex digits that name the content. */
  hash: string;
  /** Reads the plain bytes. Called once, when the turn of the file has come. */
  read(): AsyncIterable<Uint8Array>;
}

/** Options of a {@link FileHook}. */
export interface FileHookOptions {
  /** The shell command. */
  command: string;
  /** How long it may take for one file, in milliseconds. */
  timeoutMs: number;
  /** How many files are judged at once. */
  parallel: number;
  clock: Clock;
  log: Logger;
  metrics: Metrics;
}

interface Waiting {
  file: HookedFile;
  resolve(verdict: HookVerdict): void;
}

/**
 * Asks a command of the operator, such as a virus scanner, about files. The command gets the bytes on standard input; its exit code is 0 if it accepts the file and 1 if it refuses it.
 * Accounts take turns.
 */
export class FileHook {
  readonly #options: FileHookOptions;
  readonly #queue: WaitingQueue<Waiting>;
  #running = 0;

  constructor(options: FileHookOptions) {
    this.#options = options;
    this.#queue = new WaitingQueue({
      max: WAITING_MAX,
      maxPerAccount: WAITING_PER_ACCOUNT,
      waitMs: WAIT_MS,
      clock: options.clock,
      gauge: options.metrics.gauge(waitingMetric),
      refuse: ({ resolve }) => resolve('busy'),
    });
  }

  /** Asks about a file. */
  async ask(file: HookedFile): Promise<HookVerdict> {
    const verdict = await this.#enqueue(file);
    this.#options.metrics.counter(resultsMetric).inc({ result: verdict });
    return verdict;
  }

  #enqueue(file: HookedFile): Promise<HookVerdict> {
    return new Promise((resolve) => {
      this.#queue.add(file.account, { file, resolve });
      this.#feed();
    });
  }

  /** Starts the command for the next files. */
  #feed(): void {
    while (this.#running < this.#options.parallel) {
      const next = this.#queue.take();
      if (next === undefined) return;
      this.#running++;
      void this.#judge(next.file).then((verdict) => {
        this.#running--;
        next.resolve(verdict);
        this.#feed();
      });
    }
  }

  /** Never rejects. */
  async #judge({ size, hash, read }: HookedFile): Promise<HookVerdict> {
    const { clock, log, metrics, command, timeoutMs } = this.#options;
    const fromMs = clock.monotonicMs();
    try {
      const run: CommandRun = { timeoutMs, input: read(), env: { ...withoutSettings(process.env), FILE_SIZE: String(size), FILE_HASH: hash } };
      const { code } = await runCommand(command, run);
      if (code === 0) return 'accepted';
      if (code === REFUSED_CODE) return 'refused';
      log.error({ file: hash, code }, 'the hook for new files failed');
    } catch (error) {
      log.error({ file: hash, err: error }, 'the hook for new files failed');
    } finally {
      metrics.histogram(secondsMetric).observe((clock.monotonicMs() - fromMs) / 1000);
    }
    return 'failed';
  }
}

/** The environment without the settings of the server, some of which are secret. Pure. */
function withoutSettings(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('AEROGRAM_')));
}
