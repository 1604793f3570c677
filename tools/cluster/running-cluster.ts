import { cpSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { findPostmaster, killTree, type ServerInfo, signalIfAlive } from '@aerogram/dev-env/load';
import { OperatorError, readServerFile } from '@aerogram/runtime';
import { lockDataDirectory } from '@aerogram/storage';
import { Addresses } from './addresses.ts';
import { Cut } from './cut.ts';
import { findMissingPackages } from './debian-packages.ts';
import { findOwner } from './find-owner.ts';
import { DATABASES, listCuts, listPorts, nameNodes } from './layout.ts';
import { listParts } from './list-parts.ts';
import { Part } from './part.ts';
import { writeFiles } from './write-files.ts';

/** What a cluster is started with. */
export interface ClusterOptions {
  /** Everything that it keeps; a second start goes on where it was. */
  dataDir: string;
  /** How many. */
  nodes: number;
  /** MTProto port of HAProxy on 127.0.0.1; 0 for a free one, the same at each start. */
  port: number;
  /** HTTP port of HAProxy, as `port`. */
  httpPort: number;
  /** Settings of all nodes beside those of `deploy/cluster/node.env`. */
  env?: Record<string, string>;
  /** Told of what is waited for, and of parts that end. */
  log?: (line: string) => void;
}

/** For initdb, a copy of the database for the standby, and a node that makes the schema, on a busy machine; in milliseconds. */
const READY_MS = 180_000;

const POLL_MS = 100;
/** An answer that takes longer is none, in milliseconds. */
const ANSWER_MS = 2000;

/**
 * All parts of a cluster on loopback, each a process of its own that is started again when it ends: `etcd`, `postgres-1` and `postgres-2`
 * (Patroni with PostgreSQL), `s3`, `nats`, `haproxy-database`, `node-1` and so on, `haproxy`.
 */
export class RunningCluster implements AsyncDisposable {
  /** By their names, in the order in which they are started. */
  readonly parts = new Map<string, Part>();
  /** Connections that can be cut, by the names that {@link listCuts} gives them. */
  readonly cuts = new Map<string, Cut>();
  /** Names of the nodes. */
  readonly nodes: readonly string[];
  readonly #options: ClusterOptions;
  readonly #addresses: Addresses;
  #lock: AsyncDisposable | undefined;
  #isStopping = false;

  private constructor(options: ClusterOptions) {
    this.#options = options;
    this.#addresses = new Addresses(options.dataDir);
    this.nodes = nameNodes(options.nodes);
  }

  /**
   * Starts all parts and returns when clients are served.
   * @param signal ends the start, too; what was started is stopped
   * @throws OperatorError if Debian packages are missing, or the directory is in use, or PostgreSQL could not enter it
   */
  static async start(options: ClusterOptions, signal?: AbortSignal): Promise<RunningCluster> {
    const missing = findMissingPackages();
    if (missing.length > 0) throw new OperatorError(`not installed: ${missing.join(', ')}; on Debian: apt-get install --no-install-recommends ${missing.join(' ')}`);
    const dataDir = resolve(options.dataDir);
    mkdirSync(dataDir, { recursive: true });
    const cluster = new RunningCluster({ ...options, dataDir });
    try {
      await cluster.#start(signal);
      return cluster;
    } catch (error) {
      await cluster.stop();
      throw error;
    }
  }

  /** Where clients connect: address, keys and layer. */
  get front(): ServerInfo {
    const { port, httpPort } = this.#front;
    return { ...this.infoOf(this.nodes[0]!), mtproto: { host: '127.0.0.1', port }, http: { host: '127.0.0.1', port: httpPort } };
  }

  /** The same of one node, past HAProxy. */
  infoOf(node: string): ServerInfo {
    const info = readServerFile(this.#folder(node));
    if (info === undefined) throw new Error(`${node} is not ready`);
    return info;
  }

  /** The name of the PostgreSQL that is primary; undefined while there is none. */
  async findPrimary(): Promise<string | undefined> {
    for (const name of DATABASES) if (await this.#answers(`${name}/api`, '/primary')) return name;
    return undefined;
  }

  /** Kills a PostgreSQL with all of its processes, but not its Patroni. */
  async killPostgres(name: string): Promise<void> {
    const pid = await this.#postmasterOf(name);
    if (pid !== undefined) await killTree(pid);
  }

  /** Waits until there are a primary and a synchronous standby, every node is ready, and HAProxy has found one. */
  async ready(signal?: AbortSignal): Promise<void> {
    await this.#databaseIsReady(signal);
    for (const name of this.nodes) await this.#until(name, () => this.#answers(`${name}/http`, '/readyz'), signal);
    await this.#until('haproxy', () => isOk(this.#front.httpPort, '/readyz'), signal);
  }

  /** Ends all parts in order: who uses another part ends before it. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    const end = async (...names: string[]): Promise<void> => {
      await Promise.all(names.flatMap((name) => this.parts.get(name)?.stop() ?? []));
    };
    // Without parts the directory may be another cluster's.
    if (this.parts.size > 0) {
      const primary = await this.findPrimary();
      await end('haproxy');
      await end(...this.nodes);
      await end('haproxy-database', 'nats', 's3');
      // The primary last, or the other one would take its place.
      for (const name of [...DATABASES].sort((a, b) => Number(a === primary) - Number(b === primary))) {
        await end(name);
        await this.#endPostgres(name);
      }
      await end('etcd');
    }
    for (const cut of this.cuts.values()) await cut.close();
    await this.#lock?.[Symbol.asyncDispose]();
    this.#lock = undefined;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  get #front(): { port: number; httpPort: number } {
    const { port, httpPort } = this.#options;
    return { port: port || this.#addresses.portOf('front'), httpPort: httpPort || this.#addresses.portOf('front/http') };
  }

  async #start(signal?: AbortSignal): Promise<void> {
    const { dataDir, env = {} } = this.#options;
    const log = (line: string): void => {
      if (!this.#isStopping) this.#options.log?.(line);
    };
    const owner = findOwner(dataDir);
    this.#lock = await lockDataDirectory(dataDir);
    mkdirSync(join(dataDir, 'logs'), { recursive: true });
    await this.#addresses.reserve(listPorts(this.nodes));
    for (const [name, target] of Object.entries(listCuts(this.nodes))) {
      this.cuts.set(name, await Cut.open(this.#addresses.portOf(name), this.#addresses.portOf(target)));
    }
    const addresses = this.#addresses;
    const files = writeFiles({ dataDir, addresses, nodes: this.nodes, front: this.#front, owner });
    for (const command of listParts({ dataDir, addresses, files, owner, env })) this.parts.set(command.name, new Part(command, log));
    const start = (...names: string[]): void => {
      for (const name of names) this.parts.get(name)!.start();
    };

    start('etcd', 's3', 'nats', 'haproxy-database');
    // Patroni ends when it does not find it.
    await this.#until('etcd', () => this.#answers('etcd', '/health'), signal);
    start(...DATABASES);
    await this.#databaseIsReady(signal);
    for (const name of this.nodes) rmSync(join(this.#folder(name), 'server.json'), { force: true });
    const [first, ...others] = this.nodes as [string, ...string[]];
    start(first);
    await this.#until(first, () => this.#answers(`${first}/http`, '/readyz'), signal);
    for (const name of others) {
      const keys = join(this.#folder(name), 'keys');
      if (!existsSync(keys)) cpSync(join(this.#folder(first), 'keys'), keys, { recursive: true });
    }
    start(...others, 'haproxy');
    await this.ready(signal);
  }

  async #databaseIsReady(signal?: AbortSignal): Promise<void> {
    const hasRoles = async (): Promise<boolean> => {
      const roles = await Promise.all(DATABASES.map(async (name) => [await this.#answers(`${name}/api`, '/primary'), await this.#answers(`${name}/api`, '/sync')]));
      return roles.some(([primary]) => primary) && roles.some(([, standby]) => standby);
    };
    await this.#until('PostgreSQL with a primary and a synchronous standby', hasRoles, signal);
  }

  /** @throws Error after three minutes, and the reason of the signal */
  async #until(what: string, isThere: () => Promise<boolean>, signal?: AbortSignal): Promise<void> {
    const deadline = performance.now() + READY_MS;
    if (await isThere()) return;
    this.#options.log?.(`waiting for ${what}`);
    while (!(await isThere())) {
      signal?.throwIfAborted();
      if (performance.now() > deadline) throw new Error(`${what} was not ready in time; see ${join(this.#options.dataDir, 'logs')}`);
      await delay(POLL_MS);
    }
  }

  #answers(name: string, path: string): Promise<boolean> {
    return isOk(this.#addresses.portOf(name), path);
  }

  #folder(name: string): string {
    return join(this.#options.dataDir, name);
  }

  #postmasterOf(name: string): Promise<number | undefined> {
    return findPostmaster(join(this.#folder(name), 'postgres'), 0);
  }

  /** A Patroni that was killed has left it running. */
  async #endPostgres(name: string): Promise<void> {
    const pid = await this.#postmasterOf(name);
    if (pid === undefined || !existsSync(`/proc/${pid}`)) return;
    signalIfAlive(pid, 'SIGINT');
    while (existsSync(`/proc/${pid}`)) await delay(POLL_MS);
  }
}

async function isOk(port: number, path: string): Promise<boolean> {
  try {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, { signal: AbortSignal.timeout(ANSWER_MS) });
    await answer.arrayBuffer();
    return answer.ok;
  } catch {
    return false;
  }
}
