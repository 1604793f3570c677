import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '@aerogram/runtime';
import { type TestDatabase, testDatabase } from '@aerogram/storage/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openServerKeys } from '../../src/open-server-keys.ts';

let db: TestDatabase;
let dataDir: string;
let lines: string[];
beforeEach(async () => {
  db = await testDatabase();
  dataDir = mkdtempSync(join(tmpdir(), 'aerogram-keys-'));
  lines = [];
});
afterEach(async () => {
  await db[Symbol.asyncDispose]();
  rmSync(dataDir, { recursive: true, force: true });
});

const open = (): ReturnType<typeof openServerKeys> =>
  openServerKeys({ dataDir, db, log: createLogger({ level: 'info', destination: { write: (line) => void lines.push(line) } }) });

const signUp = (user_id: bigint, more: { phone?: string; support?: boolean }): Promise<unknown> =>
  db.q.insertInto('users').values({ user_id, phone: null, first_name: 'Ada', last_name: '', created_date: 1, ...more }).execute();

describe('the keys of a server', () => {
  it('are created for a new server, and each is logged', async () => {
    await signUp(10n, { phone: '42777', support: true });
    const { fingerprints } = await open();
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0]!)).toMatchObject({ file: join(dataDir, 'keys', 'server.pem'), fingerprint: String(fingerprints[0]) });
    await open();
    expect(lines).toHaveLength(1);
  });

  it('are not created if the database has accounts, because their clients would not trust the server', async () => {
    const before = await open();
    await signUp(11n, { phone: '9996621234' });
    expect((await open()).fingerprints).toEqual(before.fingerprints);
    rmSync(join(dataDir, 'keys'), { recursive: true });
    await expect(open()).rejects.toThrow(`there is no key in ${join(dataDir, 'keys')}, but the database has accounts`);
    await expect(open()).rejects.toThrow('aerogram key create');
  });
});
