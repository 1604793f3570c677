import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { silentLogger, systemClock } from '@aerogram/runtime';
import pg from 'pg';
import { type Binaries, type Engine, findBinaries } from '../src/embedded/binaries.ts';
import { type Postmaster, spawnProgram, waitForExit } from '../src/embedded/postmaster.ts';
import { chooseRunAs, type RunAs } from '../src/embedded/run-as.ts';
import { initArguments, serverSettings } from '../src/embedded/settings.ts';
import { openDatabase } from '../src/database/open-database.ts';

/** One of several servers of a database: a primary or a standby. */
export class DatabaseServer {
  readonly directory: string;
  readonly #programs: { binaries: Binaries; runAs: RunAs };
  #postmaster: Postmaster | undefined;

  constructor(directory: string, programs: { binaries: Binaries; runAs: RunAs }) {
    this.directory = directory;
    this.#programs = programs;
  }

  get url(): string {
    return `postgresql://aerogram@localhost/postgres?host=${encodeURIComponent(this.directory)}`;
  }

  async make(): Promise<void> {
    const exit = await waitForExit(spawnProgram(this.#programs.binaries, this.#programs.runAs, 'initdb', ['--no-sync', '-D', this.directory, ...initArguments(this.#programs.binaries.major)]));
    if (exit.code !== 0) throw new Error(exit.lines.join('\n'));
  }

  async start(): Promise<void> {
    const settings = { ...serverSettings(this.#programs.binaries.major, this.directory), fsync: 'off', full_page_writes: 'off', shared_buffers: '16MB', max_connections: '40', wal_keep_size: '64MB', autovacuum: 'off' };
    const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    const child = spawnProgram(this.#programs.binaries, this.#programs.runAs, 'postgres', ['-D', this.directory, ...args]);
    let isReady = (): void => {};
    const ready = new Promise<void>((resolve) => {
      isReady = resolve;
    });
    const exited = waitForExit(child, (line) => {
      if (/ready to accept (read-only )?connections/.test(line)) isReady();
    });
    this.#postmaster = { pid: child.pid!, exited };
    const exit = await Promise.race([ready, exited]);
    if (exit) throw new Error(exit.lines.join('\n'));
  }

  async run<R extends pg.QueryResultRow>(text: string): Promise<R[]> {
    const client = new pg.Client({ connectionString: this.url });
    await client.connect();
    try {
      return (await client.query<R>(text)).rows;
    } finally {
      await client.end();
    }
  }

  /** Changes a setting while the server runs. */
  async set(name: string, value: string): Promise<void> {
    await this.run(`ALTER SYSTEM SET ${name} = '${value}'`);
    await this.run('SELECT pg_reload_conf()');
  }

  /** Has a standby follow another server, or none. */
  follow(other: DatabaseServer | undefined): Promise<void> {
    return this.set('primary_conninfo', other ? other.source : '');
  }

  /** How a standby reaches this server. */
  get source(): string {
    return `host=${this.directory} user=aerogram`;
  }

  /** Waits until a condition, in SQL, holds. */
  async until(condition: string): Promise<void> {
    while (!(await this.run<{ holds: boolean }>(`SELECT (${condition}) AS holds`))[0]!.holds) await new Promise((resolve) => setTimeout(resolve, 20));
  }

  async promote(): Promise<void> {
    await this.run('SELECT pg_promote()');
  }

  /** Ends at once, without a word to anybody. */
  async kill(signal: NodeJS.Signals = 'SIGQUIT'): Promise<void> {
    const postmaster = this.#postmaster;
    this.#postmaster = undefined;
    if (!postmaster) return;
    try {
      process.kill(postmaster.pid, signal);
    } catch {
      // The process has ended by itself already.
    }
    await postmaster.exited;
  }
}

/** A server with the newest schema, and copies of it that are its standbys. All are started; only the first copy follows it. */
export interface Standbys extends AsyncDisposable {
  primary: DatabaseServer;
  standbys: DatabaseServer[];
}

/** Starts a primary and `count` standbys, of which the first confirms each commit. */
export async function startStandbys(count: number, engine: Engine): Promise<Standbys> {
  const root = mkdtempSync(path.join(tmpdir(), 'aerogram-standby-'));
  const binaries = await findBinaries(engine, undefined, path.join(root, 'lib'));
  const runAs = await chooseRunAs(undefined, [binaries.binDir, root]);
  const servers = Array.from({ length: count + 1 }, (_, index) => new DatabaseServer(path.join(root, `${index}`), { binaries, runAs }));
  const [primary, ...standbys] = servers as [DatabaseServer, ...DatabaseServer[]];
  const stop = async (): Promise<void> => {
    for (const server of servers) await server.kill();
    rmSync(root, { recursive: true, force: true });
  };
  try {
    mkdirSync(primary.directory, { mode: 0o700 });
    await primary.make();
    await primary.start();
    const db = await openDatabase({ url: primary.url, poolSize: 1, log: silentLogger, clock: systemClock });
    await db.migrate();
    await db[Symbol.asyncDispose]();
    await primary.kill('SIGINT');
    for (const [index, standby] of standbys.entries()) {
      cpSync(primary.directory, standby.directory, { recursive: true });
      writeFileSync(path.join(standby.directory, 'standby.signal'), '');
      const source = index === 0 ? primary.source : '';
      writeFileSync(path.join(standby.directory, 'postgresql.auto.conf'), `cluster_name = 's${index}'\nprimary_conninfo = '${source}'\n`);
    }
    writeFileSync(path.join(primary.directory, 'postgresql.auto.conf'), `synchronous_standby_names = 's0'\n`);
    await Promise.all(servers.map((server) => server.start()));
    await primary.until(`EXISTS (SELECT FROM pg_stat_replication WHERE sync_state = 'sync')`);
  } catch (error) {
    await stop();
    throw error;
  }
  return { primary, standbys, [Symbol.asyncDispose]: stop };
}

/** An address that leads to one server at a time, as that of a proxy that asks which one is the primary. */
export interface SwitchingProxy extends AsyncDisposable {
  readonly url: string;
  /** Cuts all connections; new ones lead to this server, or nowhere. */
  lead(to: DatabaseServer | undefined): void;
}

/** Listens on a port of its own. */
export async function startSwitchingProxy(first: DatabaseServer): Promise<SwitchingProxy> {
  let target: DatabaseServer | undefined = first;
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    if (!target) return void client.destroy();
    const upstream = connect(path.join(target.directory, '.s.PGSQL.5432'));
    for (const [socket, other] of [[client, upstream], [upstream, client]] as const) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
      socket.pipe(other);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const lead = (to: DatabaseServer | undefined): void => {
    target = to;
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: `postgresql://aerogram@127.0.0.1:${(server.address() as AddressInfo).port}/postgres`,
    lead,
    async [Symbol.asyncDispose]() {
      lead(undefined);
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
