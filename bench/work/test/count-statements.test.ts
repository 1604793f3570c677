import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { nameOf, StatementCounter } from '../count-statements.ts';

const message = (type: string, body: string): Buffer => {
  const bytes = Buffer.from(body, 'latin1');
  const length = Buffer.alloc(4);
  length.writeInt32BE(bytes.length + 4);
  return Buffer.concat([Buffer.from(type, 'latin1'), length, bytes]);
};
const startup = (application: string): Buffer => message('', `\0\x03\0\0user\0me\0application_name\0${application}\0\0`);
const execute = (name: string): Buffer[] => [message('B', `\0${name}\0\0\0\0\0\0\0`), message('E', '\0\0\0\0\0')];
const complete = (tag: string): Buffer => message('C', `${tag}\0`);
const SYNC = message('S', '');
const READY = message('Z', 'I');

test('counts statements by name, round trips and rows of the pool, whatever pieces the bytes come in', async () => {
  const root = mkdtempSync(join(tmpdir(), 'aerogram-count-'));
  const accepted: Socket[] = [];
  const database = createServer((socket) => accepted.push(socket)).listen(join(root, '.s.PGSQL.5432'));
  await once(database, 'listening');
  const front = mkdtempSync(join(root, 'f-'));
  const counter = await StatementCounter.listen(front, root);
  const open = async (application: string): Promise<{ client: Socket; server: Socket }> => {
    const client = connect(join(front, '.s.PGSQL.5432'));
    client.write(startup(application));
    const [server] = (await once(database, 'connection')) as [Socket];
    return { client, server };
  };
  const pass = async (from: Socket, to: Socket, bytes: Buffer): Promise<void> => {
    let got = 0;
    const all = new Promise<void>((resolve) => to.on('data', (piece: Buffer) => (got += piece.length) >= bytes.length && resolve()));
    for (let at = 0; at < bytes.length; at += 7) from.write(bytes.subarray(at, at + 7));
    await all;
    to.removeAllListeners('data');
  };
  const pool = await open('aerogram');
  await once(pool.server, 'data');
  const asked = Buffer.concat([message('P', 'one\0select 1\0\0\0'), ...execute('one'), ...execute('one'), SYNC, message('P', '\0select * from things\0\0\0'), ...execute(''), SYNC]);
  await pass(pool.client, pool.server, asked);
  expect(counter.isIdle).toBe(false);
  await pass(pool.server, pool.client, Buffer.concat([complete('SELECT 2'), complete('INSERT 0 3'), READY, complete('BEGIN'), READY]));
  expect(counter.isIdle).toBe(true);
  const lease = await open('aerogram lease');
  await once(lease.server, 'data');
  await pass(lease.client, lease.server, Buffer.concat([...execute('beat'), SYNC]));
  expect(counter.take()).toEqual({ statements: new Map([['one', 2], ['select things', 1]]), trips: 2, rows: 5 });
  await counter[Symbol.asyncDispose]();
  for (const socket of accepted) socket.destroy();
  database.close();
  rmSync(root, { recursive: true });
});

test('a statement that is built at run time is named by what it does and its first table', () => {
  expect(nameOf('select "a" from "dialogs" as d where id in ($1, $2)')).toBe('select dialogs');
  expect(nameOf('UPDATE users SET name = $1')).toBe('update users');
  expect(nameOf('with recent as (select 1 from old) insert into "fresh" values ($1)')).toBe('insert fresh');
  expect(nameOf('COMMIT')).toBe('commit');
});
