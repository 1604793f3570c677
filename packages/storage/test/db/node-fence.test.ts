import { silentLogger, systemClock } from '@aerogram/runtime';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Database, DatabaseUnavailable, defineStatement, openDatabase, sql, type Tx } from '../../src/index.ts';
import { type TestDatabase, testDatabase } from '../../testing/index.ts';
import { lose, runOut, type StagedNode, stageNode } from '../../testing/node-stage.ts';

let db: TestDatabase;
const open: AsyncDisposable[] = [];
beforeEach(async () => {
  db = await testDatabase();
});
afterEach(async () => {
  for (const each of open.splice(0).toReversed()) await each[Symbol.asyncDispose]();
  await db[Symbol.asyncDispose]();
});

async function own<T extends AsyncDisposable>(opening: Promise<T>): Promise<T> {
  const opened = await opening;
  open.push(opened);
  return opened;
}

/** The database as a server uses it that holds this row. @param gate see `DatabaseOptions.gate` */
const databaseOf = ({ lease }: StagedNode, gate: () => Promise<void> | undefined = () => undefined): Promise<Database> =>
  own(openDatabase({ url: db.url, poolSize: 2, log: silentLogger, clock: systemClock, gate, incarnation: () => lease.incarnation }));

/** Writes a key into `meta`. */
const note = (tx: Tx, key: string): Promise<unknown> => tx.q.insertInto('meta').values({ key, value: '' }).execute();

const noted = async (): Promise<string[]> => (await db.q.selectFrom('meta').select('key').where('key', 'like', 'note %').orderBy('key').execute()).map(({ key }) => key);

/** A point at which a test stops something. */
class Stop {
  readonly reached: Promise<void>;
  resume!: () => void;
  #reach!: () => void;
  readonly #resumed = new Promise<void>((resolve) => (this.resume = resolve));

  constructor() {
    this.reached = new Promise((resolve) => (this.#reach = resolve));
  }

  wait(): Promise<void> {
    this.#reach();
    return this.#resumed;
  }
}

/** Two servers, and what happens when the first stands still for too long. */
const LOSSES = {
  async 'a node of a cluster'(): Promise<{ frozen: StagedNode; lose(): Promise<unknown> }> {
    const [frozen, other] = [await own(stageNode(db, 'one')), await own(stageNode(db, 'two'))];
    await frozen.finish(frozen.lease.serve());
    await other.finish(other.lease.serve());
    return { frozen, lose: () => lose(db, 'one', other) };
  },
  async 'a server that is alone'(): Promise<{ frozen: StagedNode; lose(): Promise<unknown> }> {
    const frozen = await own(stageNode(db, 'one', { joins: false }));
    const takeOver = async (): Promise<void> => {
      await runOut(db, 'one');
      await own(stageNode(db, 'two', { joins: false }));
    };
    return { frozen, lose: takeOver };
  },
  async 'a server that was killed, and started again'(): Promise<{ frozen: StagedNode; lose(): Promise<unknown> }> {
    const frozen = await own(stageNode(db, 'one', { joins: false }));
    return { frozen, lose: () => own(stageNode(db, 'one', { joins: false })) };
  },
};

describe.each(Object.entries(LOSSES))('%s commits nothing after it has lost its lease', (_, stage) => {
  test('when it was stopped before BEGIN, after the mark, or before COMMIT', async () => {
    const { frozen, lose: happen } = await stage();
    const [begin, mark, commit] = [new Stop(), new Stop(), new Stop()];
    let isGated = false;
    const gated = await databaseOf(frozen, () => (isGated ? begin.wait() : undefined));
    const database = await databaseOf(frozen);
    await gated.transact('test', (tx) => note(tx, 'note 1'));
    isGated = true;
    const work = [
      gated.transact('test', (tx) => note(tx, 'note before BEGIN')),
      database.transact('test', async (tx) => {
        await sql`SELECT 1`.execute(tx.q);
        await mark.wait();
        await note(tx, 'note after the mark');
      }),
      database.transact('test', async (tx) => {
        await note(tx, 'note before COMMIT');
        await commit.wait();
      }),
    ];
    const outcomes = Promise.allSettled(work);
    await Promise.all([begin.reached, mark.reached, commit.reached]);
    await happen();
    for (const stop of [begin, mark, commit]) stop.resume();
    expect((await outcomes).map((outcome) => outcome.status === 'rejected' && outcome.reason instanceof DatabaseUnavailable)).toEqual([true, true, true]);
    await expect(gated.transact('test', (tx) => note(tx, 'note later'))).rejects.toThrow('this server has lost the right to serve from the database');
    expect(await noted()).toEqual(['note 1']);
  });

  test('and its open transaction is waited for when its connection cannot be ended', async () => {
    const { frozen, lose: happen } = await stage();
    const database = await databaseOf(frozen);
    const commit = new Stop();
    const work = database.transact('test', async (tx) => {
      await sql`SELECT set_config('application_name', 'unknown', false)`.execute(tx.q);
      await note(tx, 'note in time');
      await commit.wait();
    });
    await commit.reached;
    let isLost = false;
    const losing = happen().then(() => (isLost = true));
    await expect.poll(async () => (await waiting()).some((query) => query.startsWith('DELETE FROM commit_marks')), { timeout: 10_000 }).toBe(true);
    expect(isLost).toBe(false);
    commit.resume();
    await work;
    await losing;
    expect(await noted()).toEqual(['note in time']);
    await expect(database.transact('test', (tx) => note(tx, 'note too late'))).rejects.toThrow(DatabaseUnavailable);
  });
});

/** Statements that wait for a lock. */
async function waiting(): Promise<string[]> {
  const { rows } = await sql<{ query: string }>`SELECT query FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`.execute(db.q);
  return rows.map(({ query }) => query.trim());
}

test('a connection gets no mark while its node is being taken for lost', async () => {
  const node = await own(stageNode(db, 'one'));
  const database = await databaseOf(node);
  const taker = new pg.Client({ connectionString: db.url });
  await taker.connect();
  try {
    await taker.query('BEGIN');
    await taker.query(`UPDATE nodes SET token = 0 WHERE name = 'one'`);
    const outcome = database.transact('test', (tx) => note(tx, 'note')).catch((error: unknown) => String(error));
    await expect.poll(async () => (await waiting()).some((query) => query.includes('INSERT INTO commit_marks')), { timeout: 10_000 }).toBe(true);
    await taker.query('DELETE FROM commit_marks WHERE node IS NOT NULL');
    await taker.query('COMMIT');
    expect(await outcome).toContain('this server has lost the right');
  } finally {
    await taker.end();
  }
  expect(await db.q.selectFrom('commit_marks').select('node').where('node', 'is not', null).execute()).toEqual([]);
});

test('a server that has given its lease up commits nothing more', async () => {
  const node = await stageNode(db, 'one', { joins: false });
  const database = await databaseOf(node);
  await database.transact('test', (tx) => note(tx, 'note 1'));
  await node.lease[Symbol.asyncDispose]();
  await expect(database.transact('test', (tx) => note(tx, 'note 2'))).rejects.toThrow(DatabaseUnavailable);
  expect(await noted()).toEqual(['note 1']);
  expect(node.lease.mayAnswer()).toBe(false);
});

test('a statement that writes is refused outside a transaction', async () => {
  const write = defineStatement('test_write_outside', `INSERT INTO meta (key, value) VALUES ('note', '')`);
  // @ts-expect-error -- a server's queries only read; those of a test may write
  const { insertInto }: Database['q'] = db.q;
  expect(insertInto).toBeDefined();
  await expect(db.run(write, [])).rejects.toThrow('the statement test_write_outside writes: run it in a transaction');
});
