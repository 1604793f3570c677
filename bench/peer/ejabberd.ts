import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { killTree } from '@aerogram/dev-env/load';
import { silentLogger } from '@aerogram/runtime';
import { type Engine, startEmbedded } from '@aerogram/storage';
import pg from 'pg';

const CONTROL = '/usr/sbin/ejabberdctl';
const SCHEMA = '/usr/share/ejabberd/sql/pg.sql';
const ERLANG_LIBRARIES = '/usr/lib/erlang/lib';
const INETRC = '/etc/ejabberd/inetrc';
const START_PATIENCE_MS = 60_000;
/** The password of all accounts. */
export const PASSWORD = 'bench';

/** An ejabberd that archives messages for both sides in PostgreSQL, with fsync. */
export interface Ejabberd extends AsyncDisposable {
  readonly port: number;
  /** The processes whose CPU time counts. */
  readonly pid: number;
  readonly postgres: number;
}

/**
 * Lists missing Debian packages. ejabberd only recommends its PostgreSQL driver; without it, ejabberd starts and closes every connection.
 * @param root root of the file system
 */
export function listMissingPackages(root = '/'): string[] {
  const hasEjabberd = [CONTROL, SCHEMA, INETRC].every((file) => existsSync(join(root, file)));
  const libraries = join(root, ERLANG_LIBRARIES);
  const hasDriver = existsSync(libraries) && readdirSync(libraries).some((name) => name.startsWith('p1_pgsql-'));
  return [...(hasEjabberd ? [] : ['ejabberd']), ...(hasDriver ? [] : ['erlang-p1-pgsql'])];
}

function configuration(port: number, sqlPort: number, pem: string): string {
  return `
hosts: [localhost]
loglevel: warning
certfiles: [${pem}]
listen:
  - port: ${port}
    ip: "127.0.0.1"
    module: ejabberd_c2s
    tls: true
    shaper: none
    access: c2s
    backlog: 4096
    max_stanza_size: 262144
auth_method: [sql]
auth_password_format: plain
default_db: sql
new_sql_schema: false
sql_type: pgsql
sql_server: "127.0.0.1"
sql_port: ${sqlPort}
sql_database: postgres
sql_username: aerogram
sql_password: ""
sql_pool_size: 10
acl: {}
access_rules:
  c2s: {allow: all}
modules:
  mod_mam: {db_type: sql, default: always, assume_mam_usage: false}
  mod_offline: {db_type: sql}
  mod_roster: {db_type: sql}
  mod_stream_mgmt: {max_ack_queue: infinity}
`;
}

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // For a TCP server the address is an object.
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/**
 * Starts ejabberd with its own PostgreSQL, which has the same settings as ours.
 * @param accounts `u0@localhost` … with `PASSWORD`
 */
export async function startEjabberd(engine: Engine, accounts: number): Promise<Ejabberd> {
  const directory = mkdtempSync(join(tmpdir(), 'aerogram-peer-'));
  const opened: (() => unknown)[] = [() => rmSync(directory, { recursive: true, force: true })];
  const close = async (): Promise<void> => {
    for (const end of opened.splice(0).toReversed()) await end();
  };
  try {
    const [port, sqlPort, distPort] = [await freePort(), await freePort(), await freePort()];
    const data = join(directory, 'data');
    mkdirSync(data);
    chmodSync(directory, 0o755);
    const postgres = await startEmbedded({ dataDir: data, log: silentLogger, engine, settings: { listen_addresses: '127.0.0.1', port: String(sqlPort) } });
    opened.push(() => postgres.stop());
    await createAccounts(sqlPort, accounts);

    const home = join(directory, 'ejabberd');
    mkdirSync(join(home, 'spool'), { recursive: true });
    const pem = join(home, 'server.pem');
    const certificate = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=localhost', '-keyout', `${pem}.key`, '-out', `${pem}.crt`];
    if (spawnSync('openssl', certificate).status !== 0) throw new Error('openssl made no certificate');
    writeFileSync(pem, readFileSync(`${pem}.crt`, 'utf8') + readFileSync(`${pem}.key`, 'utf8'));
    writeFileSync(join(home, 'ejabberd.yml'), configuration(port, sqlPort, pem));
    writeFileSync(join(home, 'ejabberdctl.cfg'), [
      'POLL=true', 'ERL_MAX_PORTS=32000', 'ERL_PROCESSES=500000', `ERL_DIST_PORT=${distPort}`, 'INET_DIST_INTERFACE=127.0.0.1', `ERLANG_NODE=bench${port}@localhost`, '',
    ].join('\n'));
    copyFileSync(INETRC, join(home, 'inetrc'));
    const isRoot = process.geteuid?.() === 0;
    if (isRoot) spawnSync('chown', ['-R', 'ejabberd:ejabberd', home]);
    // As root, ejabberdctl would use su, which sets a limit of 1,024 files.
    const asUser = isRoot ? 'setpriv --reuid ejabberd --regid ejabberd --init-groups' : '';
    const command = `ulimit -n 20000; exec ${asUser} ${CONTROL} --config-dir ${home} --logs ${home} --spool ${home}/spool foreground`;
    const child = spawn('sh', ['-c', command], { stdio: ['ignore', 'ignore', 'ignore'], env: { ...process.env, HOME: home } });
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    opened.push(async () => {
      // The process is a script that starts Erlang, which would otherwise be left running.
      await killTree(child.pid!);
      await ended;
    });
    await waitForPort(port, () => child.exitCode === null);
    return { port, pid: child.pid!, postgres: postgres.pid, [Symbol.asyncDispose]: close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function createAccounts(sqlPort: number, accounts: number): Promise<void> {
  const client = new pg.Client({ connectionString: `postgresql://aerogram@127.0.0.1:${sqlPort}/postgres` });
  await client.connect();
  try {
    await client.query(readFileSync(SCHEMA, 'utf8'));
    await client.query(`INSERT INTO users (username, password) SELECT 'u' || n, $1 FROM generate_series(0, $2::int - 1) AS n`, [PASSWORD, accounts]);
  } finally {
    await client.end();
  }
}

async function waitForPort(port: number, isAlive: () => boolean): Promise<void> {
  const until = performance.now() + START_PATIENCE_MS;
  for (;;) {
    const isOpen = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => resolve(true)).once('error', () => resolve(false));
      socket.once('connect', () => socket.destroy());
    });
    if (isOpen) return;
    if (!isAlive() || performance.now() > until) throw new Error('ejabberd did not start');
    await delay(100);
  }
}
