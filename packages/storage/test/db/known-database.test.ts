import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger } from '@aerogram/runtime';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { checkDatabaseIdentity, checkDatabasePlace, readKnownDatabase, rememberDatabase, startEmbedded } from '../../src/index.ts';
import { type TestDatabase, testDatabase } from '../../testing/index.ts';

const URL_OF = 'postgresql://user:hunter2@db.example.org:5433/chat';

let dataDir: string;
let db: TestDatabase;
beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'aerogram-known-'));
  db = await testDatabase({ isEmpty: true });
});
afterEach(async () => {
  await db[Symbol.asyncDispose]();
  rmSync(dataDir, { recursive: true, force: true });
});

describe('a data directory', () => {
  test('remembers an external database without its password, and cannot be started without it', async () => {
    await checkDatabaseIdentity(db, dataDir, URL_OF);
    await db.migrate();
    const known = await rememberDatabase(db, dataDir, URL_OF);
    expect(readKnownDatabase(dataDir)).toEqual({ id: known.id, kind: 'external', address: 'db.example.org:5433/chat' });
    await checkDatabaseIdentity(db, dataDir, URL_OF);
    expect(() => checkDatabasePlace(dataDir, undefined)).toThrow('belongs to the database at db.example.org:5433/chat: set AEROGRAM_DATABASE_URL');
    checkDatabasePlace(dataDir, URL_OF);
  });

  test('refuses another database, empty or not, before anything is written to it', async () => {
    await using other = await testDatabase({ isEmpty: true });
    await db.migrate();
    await rememberDatabase(db, dataDir, URL_OF);
    await expect(checkDatabaseIdentity(other, dataDir, URL_OF)).rejects.toThrow('adopt-database');
    await other.migrate();
    await expect(checkDatabaseIdentity(other, dataDir, URL_OF)).rejects.toThrow('belongs to another database (db.example.org:5433/chat)');
  });

  test('that has lost its embedded database, or contains only keys, does not get an empty one', async () => {
    checkDatabasePlace(dataDir, undefined);
    mkdirSync(join(dataDir, 'keys'));
    writeFileSync(join(dataDir, 'keys', 'server.pem'), '');
    expect(() => checkDatabasePlace(dataDir, undefined)).toThrow('has the keys of a server, but no database');
    await db.migrate();
    await rememberDatabase(db, dataDir, undefined);
    expect(() => checkDatabasePlace(dataDir, undefined)).toThrow('has lost its embedded database');
    mkdirSync(join(dataDir, 'postgres-18'));
    checkDatabasePlace(dataDir, undefined);
  });

  test('that was restored, and never started, is not served with an external database', () => {
    mkdirSync(join(dataDir, 'postgres-18'));
    expect(() => checkDatabasePlace(dataDir, URL_OF)).toThrow('has an embedded database, but the settings name the one at db.example.org:5433/chat: take AEROGRAM_DATABASE_URL out');
    checkDatabasePlace(dataDir, undefined);
  });

  test('does not get an embedded database from a command that only reads', async () => {
    await expect(startEmbedded({ dataDir, log: silentLogger, mustExist: true })).rejects.toThrow('there is no database');
    await expect(startEmbedded({ dataDir: join(dataDir, 'absent'), log: silentLogger, mustExist: true })).rejects.toThrow('there is no database');
  });
});
