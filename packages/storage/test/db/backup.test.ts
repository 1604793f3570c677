import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { printErrors } from '@aerogram/dev-env/child-errors';
import { silentLogger, systemClock } from '@aerogram/runtime';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Database, type Engine, type RestoreOptions, makeBackup, openDatabase, restoreBackup, sql, startEmbedded } from '../../src/index.ts';
import { testEngine } from '../../testing/index.ts';
import { useBundledChild } from './bundled-child.ts';

const engine: Engine = testEngine();
const major = Number(process.env['AEROGRAM_TEST_ENGINE'] ?? 18);
const childFile = useBundledChild('embedded-child.ts');
const OWNERS = [11n, 12n, 13n, 14n];

const root = mkdtempSync(path.join(tmpdir(), 'aerogram-backup-'));
const lostDir = path.join(root, 'lost');
const backupDir = path.join(root, 'backup');
const archiveDir = path.join(root, 'archive');

afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

/** One write, with the times at which it was sent and acknowledged. */
interface Write {
  owner: bigint;
  pts: number;
  askedMs: number;
  acknowledgedMs: number;
}

/** Writers, each with its own message box, that run until stopped. */
class Load {
  readonly writes: Write[] = [];
  readonly #db: Database;
  readonly #writers: Promise<void>[];
  #isStopped = false;
  #waiters: { count: number; resolve: () => void }[] = [];

  constructor(db: Database) {
    this.#db = db;
    this.#writers = OWNERS.map((owner) => this.#write(owner));
  }

  async #write(owner: bigint): Promise<void> {
    while (!this.#isStopped) {
      const askedMs = Date.now();
      try {
        const pts = await this.#db.transact('write', async (tx) => {
          const counter = (await tx.lockCounters([owner])).get(owner)!;
          counter.pts++;
          const row = { owner_id: owner, random_id: BigInt(counter.pts), global_id: 1n, peer_id: owner, msg_id: 1 };
          await tx.q.insertInto('send_keys').values({ ...row, pts: counter.pts, pts_count: 1, date: 1 }).execute();
          return counter.pts;
        });
        this.writes.push({ owner, pts, askedMs, acknowledgedMs: Date.now() });
      } catch {
        return;
      }
      for (const waiter of this.#waiters) if (this.writes.length >= waiter.count) waiter.resolve();
    }
  }

  /** Waits for this many more writes. */
  more(count: number): Promise<void> {
    return new Promise((resolve) => this.#waiters.push({ count: this.writes.length + count, resolve }));
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await Promise.all(this.#writers);
  }
}

const open = (url: string): Promise<Database> => openDatabase({ url, poolSize: 6, log: silentLogger, clock: systemClock });

/** Starts a restored server and reads its contents. */
async function inspect(dataDir: string): Promise<{ keys: Set<string>; pts: number[]; looseSeqs: number[]; epoch: string }> {
  await using postgres = await startEmbedded({ dataDir, log: silentLogger, engine });
  await using db = await open(postgres.url);
  await db.migrate();
  const rows = await db.q.selectFrom('send_keys').select(['owner_id', 'pts']).execute();
  const counters = await db.q.selectFrom('counters').select(['pts', 'loose_seq']).where('owner_id', 'in', OWNERS).execute();
  const epoch = await db.q.selectFrom('meta').select('value').where('key', '=', 'epoch').executeTakeFirstOrThrow();
  // The first write after the restore gets a number above all earlier ones.
  const next = await db.transact('next', async (tx) => ++(await tx.lockCounters([OWNERS[0]!])).get(OWNERS[0]!)!.pts);
  return { keys: new Set(rows.map((row) => `${row.owner_id}:${row.pts}`)), pts: [...counters.map((row) => row.pts), next], looseSeqs: counters.map((row) => row.loose_seq), epoch: epoch.value };
}

const keyOf = ({ owner, pts }: Write): string => `${owner}:${pts}`;
const restoreTo = (dataDir: string, more: Partial<RestoreOptions> = {}): ReturnType<typeof restoreBackup> =>
  restoreBackup({ from: backupDir, dataDir: path.join(root, dataDir), engine, log: silentLogger, ...more });

describe('a backup made under load, and a server killed after it', () => {
  let writes: Write[] = [];
  let momentMs = 0;
  let child: ChildProcess;

  beforeAll(async () => {
    child = printErrors(spawn(process.execPath, [childFile(), lostDir, engine === 'embedded' ? '' : engine.binDir, '', archiveDir], {
      stdio: ['pipe', 'pipe', 'pipe'],
      cwd: '/',
    }));
    const [line] = (await once(createInterface({ input: child.stdout! }), 'line')) as [string];
    const { url, pid } = JSON.parse(line) as { url: string; pid: number };
    mkdirSync(path.join(lostDir, 'keys'), { mode: 0o700 });
    writeFileSync(path.join(lostDir, 'keys', 'server.pem'), 'secret', { mode: 0o600 });
    const db = await open(url);
    const load = new Load(db);
    await load.more(100);
    await makeBackup({ url, dataDir: lostDir, to: backupDir, clock: systemClock });
    await load.more(100);
    momentMs = Date.now();
    // Recovery needs a transaction after the requested time; otherwise the WAL would end before it.
    await load.more(50);
    const { rows } = await sql<{ name: string }>`SELECT pg_walfile_name(pg_switch_wal()) AS name`.execute(db.q);
    const isArchived = async (): Promise<boolean> => {
      const { rows: archived } = await sql<{ last: string | null }>`SELECT last_archived_wal AS last FROM pg_stat_archiver`.execute(db.q);
      return (archived[0]?.last ?? '') >= rows[0]!.name;
    };
    while (!(await isArchived())) await load.more(1);
    await load.more(50);
    process.kill(pid, 'SIGKILL');
    child.kill('SIGKILL');
    await once(child, 'exit');
    await load.stop();
    await db[Symbol.asyncDispose]();
    ({ writes } = load);
  }, 120_000);

  test('contains everything acknowledged before the requested time and nothing sent after it', async () => {
    await restoreTo('to-moment', { toMs: momentMs });
    const { keys, pts, looseSeqs, epoch } = await inspect(path.join(root, 'to-moment'));
    const before = writes.filter((write) => write.acknowledgedMs < momentMs);
    const after = writes.filter((write) => write.askedMs > momentMs);
    expect(before.length).toBeGreaterThanOrEqual(190);
    expect(after.length).toBeGreaterThan(50);
    expect(before.filter((write) => !keys.has(keyOf(write)))).toEqual([]);
    expect(after.filter((write) => keys.has(keyOf(write)))).toEqual([]);
    expect(epoch).toBe('2');
    // Above everything that a client may have seen.
    for (const position of pts) expect(position).toBeGreaterThan(1_000_000);
    for (const position of looseSeqs) expect(position).toBeGreaterThanOrEqual(1_000_000);
    expect(readFileSync(path.join(root, 'to-moment', 'keys', 'server.pem'), 'utf8')).toBe('secret');
  });

  test('with the WAL of the lost disk contains everything acknowledged, and a second restore gets its own epoch', async () => {
    const { epoch } = await restoreTo('everything', { walDir: path.join(lostDir, `postgres-${major}`, 'pg_wal') });
    const { keys, pts } = await inspect(path.join(root, 'everything'));
    expect(writes.filter((write) => !keys.has(keyOf(write)))).toEqual([]);
    expect(epoch).toBe(3);
    for (const position of pts) expect(position).toBeGreaterThan(2_000_000);
  });

  test('that cannot be restored is refused with a message that says what to do', async () => {
    await expect(restoreTo('to-moment')).rejects.toThrow('is not empty; restore into a new directory');
    await expect(restoreTo('early', { toMs: 1000 })).rejects.toThrow('take an older one');
    expect(existsSync(path.join(root, 'early'))).toBe(false);
    await expect(restoreTo('late', { toMs: Date.now() + 3_600_000 })).rejects.toThrow(/the log ends before .* \(its last transaction: 20/);
    expect(existsSync(path.join(root, 'late', 'keys'))).toBe(false);
    await expect(restoreTo('nowhere', { archiveDir: path.join(root, 'other') })).rejects.toThrow('holds nothing of this database');
    await expect(restoreTo('none', { from: root })).rejects.toThrow('holds no finished backup');
    await expect(makeBackup({ url: '', dataDir: lostDir, to: backupDir, clock: systemClock })).rejects.toThrow('is not empty');
    const file = path.join(backupDir, 'base', 'PG_VERSION');
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.replace(/\d/, '9'));
    await expect(restoreTo('damaged')).rejects.toThrow('base/PG_VERSION is not what was written');
    writeFileSync(file, text);
  });

  test('a restore that was killed is not taken for an empty server, and can begin again', async () => {
    const dataDir = path.join(root, 'killed');
    // What a kill leaves: all files in their places.
    const keep = (): Promise<void> => {
      cpSync(dataDir, `${dataDir}-left`, { recursive: true, filter: (file) => !/^(\.s\.PGSQL|server\.lock)/.test(path.basename(file)) });
      return Promise.reject(new Error('as if it were killed'));
    };
    await expect(restoreTo('killed', { restoreMore: keep })).rejects.toThrow('as if it were killed');
    const left = `${dataDir}-left`;
    expect(existsSync(path.join(left, `postgres-${major}.restoring`, 'PG_VERSION'))).toBe(true);
    for (const mustExist of [true, false]) {
      await expect(startEmbedded({ dataDir: left, log: silentLogger, engine, mustExist })).rejects.toThrow(`a restore into ${left} was not finished (it left postgres-${major}.restoring): run "aerogram restore"`);
    }
    expect(existsSync(path.join(left, `postgres-${major}`))).toBe(false);
    writeFileSync(path.join(left, 'notes'), '');
    await expect(restoreTo('killed-left')).rejects.toThrow('there is more in it now (notes): move this away');
    rmSync(path.join(left, 'notes'));
    await restoreTo('killed-left');
    expect((await inspect(left)).keys.size).toBeGreaterThan(90);
    await expect(restoreTo('killed-left')).rejects.toThrow('is not empty');
  });
});
