import { silentLogger, systemClock } from '@aerogram/runtime';
import { expect, test } from 'vitest';
import { Connections } from '../../src/database/connections.ts';
import { migrate } from '../../src/database/migrate.ts';
import { DatabaseUnusable, openDatabase } from '../../src/index.ts';
import { MIGRATIONS } from '../../src/migrations/index.ts';
import type { Migration } from '../../src/migrations/migration.ts';
import type { NodeFacts } from '../../src/nodes/node-facts-store.ts';
import { stageNode } from '../../testing/node-stage.ts';
import { type TestDatabase, testDatabase } from '../../testing/index.ts';

const connect = (url: string): Connections => new Connections({ url, poolSize: 2, log: silentLogger, clock: systemClock });

const step = (number: number, ...statements: string[]): Migration => ({ number, subject: `step-${number}`, statements });

test('the steps are numbered without gaps', () => {
  expect(MIGRATIONS.map((migration) => migration.number)).toEqual(MIGRATIONS.map((_, index) => index + 1));
});

test('migrating again changes nothing', async () => {
  await using db = await testDatabase();
  await db.migrate();
  const row = await db.q.selectFrom('meta').select('value').where('key', '=', 'schema_version').executeTakeFirstOrThrow();
  expect(row.value).toBe(String(MIGRATIONS.length));
});

test('several servers that start on an empty database migrate it once', async () => {
  await using db = await testDatabase({ isEmpty: true });
  const servers = await Promise.all(
    Array.from({ length: 4 }, () => openDatabase({ url: db.url, poolSize: 2, log: silentLogger, clock: systemClock })),
  );
  await Promise.all(servers.map((server) => server.migrate()));
  await db.transact('test', async (tx) => void (await tx.lockCounters([1n])));
  await Promise.all(servers.map((server) => server[Symbol.asyncDispose]()));
  expect(await db.q.selectFrom('counters').selectAll().execute()).toHaveLength(1);
});

/** Says that a newer program has brought the schema up to date. */
async function makeNewer(db: TestDatabase, oldestProgram: number): Promise<void> {
  await db.q.updateTable('meta').set({ value: '999' }).where('key', '=', 'schema_version').execute();
  await db.q.updateTable('meta').set({ value: String(oldestProgram) }).where('key', '=', 'oldest_program').execute();
}

test('a database that has lost what the program uses is refused and not changed', async () => {
  await using db = await testDatabase();
  await makeNewer(db, MIGRATIONS.length + 1);
  await expect(db.migrate()).rejects.toThrow(DatabaseUnusable);
  await expect(db.migrate()).rejects.toThrow(/schema version 999.*up to \d/);
});

test('a database to which a newer program has only added is used as it is', async () => {
  await using db = await testDatabase();
  await makeNewer(db, MIGRATIONS.length);
  await db.migrate();
  const row = await db.q.selectFrom('meta').select('value').where('key', '=', 'schema_version').executeTakeFirstOrThrow();
  expect(row.value).toBe('999');
});

test('steps that take away what the program of a node uses wait until it has ended', async () => {
  await using db = await testDatabase();
  await using connections = connect(db.url);
  const last = MIGRATIONS.length + 1;
  await using node = await stageNode(db, 'old');
  const facts: NodeFacts = { schema: MIGRATIONS.length, hintNames: 1, rsaKeys: [], masterKeys: [], clusterKey: '', settings: {}, filesMark: null };
  await node.finish(node.lease.introduce({ facts, linkAddress: 'here:1' }, async () => {}));
  const adds = step(last, 'CREATE TABLE added (x int)');
  const takesAway: Migration = { ...step(last + 1, 'DROP TABLE added'), oldestProgram: last };
  await migrate(connections, silentLogger, [...MIGRATIONS, adds]);
  await expect(migrate(connections, silentLogger, [...MIGRATIONS, adds, takesAway])).rejects.toThrow(`older than schema version ${last} serve: old on host-of-old`);
  await node[Symbol.asyncDispose]();
  await migrate(connections, silentLogger, [...MIGRATIONS, adds, takesAway]);
});

test('each new step that takes something away says which programs can do without it', () => {
  const takesAway = /\bDROP (TABLE|COLUMN|VIEW|FUNCTION|TYPE)\b|\bRENAME\b|\bSET NOT NULL\b|\bALTER COLUMN \S+ TYPE\b|\bADD (CONSTRAINT|CHECK)\b/i;
  const silent = MIGRATIONS.filter(({ number, statements, oldestProgram }) => number >= 120 && oldestProgram === undefined && statements.some((text) => takesAway.test(text)));
  expect(silent.map(({ subject }) => subject)).toEqual([]);
});

test('a step that fails leaves the previous version, and the next run completes it', async () => {
  await using db = await testDatabase({ isEmpty: true });
  await using connections = connect(db.url);
  const good = step(1, 'CREATE TABLE a (x int)');
  await migrate(connections, silentLogger, [good]);
  await expect(migrate(connections, silentLogger, [good, step(2, 'CREATE TABLE b (x int)', 'CREATE TABLE a (x int)')])).rejects.toThrow('already exists');
  await migrate(connections, silentLogger, [good, step(2, 'CREATE TABLE b (x int)')]);
  await expect(migrate(connections, silentLogger, [good])).rejects.toThrow(DatabaseUnusable);
});

test('trigrams work for every script', async () => {
  await using db = await testDatabase();
  const client = connect(db.url);
  await using _client = client;
  const connection = await client.acquire();
  const { rows } = await connection.query<{ count: number }>(
    `SELECT cardinality(show_trgm(word)) AS count FROM unnest(ARRAY['hello', 'привет', '你好世界', 'שלום']) AS word`,
  );
  client.release(connection, false);
  expect(rows.every((row) => row.count > 0)).toBe(true);
});

test('questions to bots of before the Bot API are forgotten, and files of bots are in use', async () => {
  await using db = await testDatabase({ isEmpty: true });
  await using connections = connect(db.url);
  await migrate(connections, silentLogger, MIGRATIONS.slice(0, MIGRATIONS.findIndex(({ subject }) => subject === 'files of bots')));
  const connection = await connections.acquire();
  await connection.query('INSERT INTO bot_queries (bot_id, query_id, user_id) VALUES (1, 2, 3)');
  await migrate(connections, silentLogger, MIGRATIONS);
  expect((await connection.query('SELECT 1 FROM bot_queries')).rows).toEqual([]);
  await connection.query('INSERT INTO bot_files VALUES (1, 2, 3)');
  expect((await connection.query<{ document_id: bigint }>('SELECT document_id FROM document_uses ORDER BY 1')).rows.map((row) => row.document_id)).toEqual([2n, 2n ^ (1n << 62n)]);
  connections.release(connection, false);
});

test('of frames that another data centre has applied those are counted that are kept, and all that wait', async () => {
  await using db = await testDatabase({ isEmpty: true });
  await using connections = connect(db.url);
  await migrate(connections, silentLogger, MIGRATIONS.slice(0, MIGRATIONS.findIndex(({ subject }) => subject === 'bytes of kept frames')));
  const connection = await connections.acquire();
  await connection.query('INSERT INTO home_streams (dc, epoch, sent_seq, sent_bytes, acked_seq, acked_bytes) VALUES (2, 1, 4, 1000, 3, 900), (3, 1, 9, 500, 9, 500)');
  await connection.query("INSERT INTO home_outbox VALUES (2, 1, 3, 'kept', 1), (2, 1, 4, 'waiting', 1)");
  await migrate(connections, silentLogger, MIGRATIONS);
  const { rows } = await connection.query('SELECT dc, sent_bytes, acked_bytes FROM home_streams ORDER BY dc');
  expect(rows).toEqual([{ dc: 2, sent_bytes: 104n, acked_bytes: 4n }, { dc: 3, sent_bytes: 0n, acked_bytes: 0n }]);
  connections.release(connection, false);
});
