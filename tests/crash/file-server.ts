import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RawAccount, readMetrics, type ServerInfo, ServerProcess } from '@aerogram/dev-env/load';
import type { Random } from '@aerogram/runtime';
import type { EmbeddedPostgres } from '@aerogram/storage';
import { connectPatiently, type Engine, killBoth, startExternal } from './power-cut.ts';
import { checkNothingLeft, checkRows, collectWithMovedClock, type FilePlaces } from './stored-files.ts';

/** Options of a crash test of files. */
export interface FileCrashOptions {
  engine: Engine;
  kills: number;
  seed: number;
  workers?: number;
  /** Additional environment variables of the server. */
  env?: Record<string, string>;
  log?: (line: string) => void;
}

/** A server with files, whose database may be a process of its own, and its accounts. Both can be killed and started again. */
export class FileServer implements AsyncDisposable {
  readonly accounts: RawAccount[] = [];
  readonly #directory: string;
  readonly #engine: Engine;
  readonly #server: ServerProcess;
  #external: EmbeddedPostgres | undefined;

  private constructor(directory: string, { engine, workers = 1, env }: FileCrashOptions, external: EmbeddedPostgres | undefined) {
    this.#directory = directory;
    this.#engine = engine;
    this.#external = external;
    this.#server = new ServerProcess(join(directory, 'data'), false, { ...(external ? { databaseUrl: external.url } : {}), env: { AEROGRAM_WORKERS: String(workers), ...env } });
  }

  /** @param accounts how many accounts sign up */
  static async start(options: FileCrashOptions, accounts: number): Promise<FileServer> {
    const directory = await mkdtemp(join(tmpdir(), 'aerogram-crash-files-'));
    const external = options.engine === 'embedded' ? undefined : await startExternal(directory, options.engine);
    const started = new FileServer(directory, options, external);
    try {
      await started.#server.start();
      for (let n = 0; n < accounts; n++) {
        const [dc, account] = [n % 10, 1000 + n];
        started.accounts.push(await RawAccount.signUp(started.#server.info, { name: `Account ${n}`, phone: `99966${dc}${account}`, code: String(dc).repeat(5) }));
      }
    } catch (error) {
      await started[Symbol.asyncDispose]();
      throw error;
    }
    return started;
  }

  get info(): ServerInfo {
    return this.#server.info;
  }

  get places(): FilePlaces {
    return { dataDir: this.#server.dataDir, databaseUrl: this.#external?.url };
  }

  /** The last output, for the message of a failing test. */
  get output(): string {
    return this.#server.output;
  }

  /** The metrics page. */
  readMetrics(): Promise<string> {
    return readMetrics(this.#server.info);
  }

  /** SIGKILL for server and database. */
  async kill(random: Random): Promise<void> {
    await killBoth(this.#server, this.#external, random);
  }

  /** Starts server and database again, and connects all accounts. */
  async restart(): Promise<void> {
    if (this.#external) {
      await this.#external.stop();
      this.#external = await startExternal(this.#directory, this.#engine);
    }
    await this.#server.start(this.#external?.url);
    await Promise.all(this.accounts.map((account) => connectPatiently(account, this.#server)));
  }

  /** Kills the server, runs the collection with a clock that moves ahead, starts the server again, and checks that nothing is left that nobody refers to. @throws if something is */
  async checkCollection(): Promise<void> {
    await this.#server.kill('SIGKILL');
    for (const account of this.accounts) account.disconnect();
    await this.#server.killDatabase();
    await collectWithMovedClock(this.places);
    await this.restart();
    await checkNothingLeft(this.places);
    await checkRows(this.places);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const account of this.accounts) account.disconnect();
    await this.#server[Symbol.asyncDispose]();
    await this.#external?.stop();
    await rm(this.#directory, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
}
