import { randomBytes } from 'node:crypto';
import { MasterKeys, MasterKeyText } from '@aerogram/blob';
import { startServerProcess } from '@aerogram/dev-env/load';
import { systemRandom } from '@aerogram/runtime';
import { testDatabase } from '@aerogram/storage/testing';
import { expect, test } from 'vitest';

test('a server names at its start the master keys that are missing although files need them, and starts', async () => {
  const [lost, kept] = ['11'.repeat(32), '22'.repeat(32)];
  await using database = await testDatabase();
  const wrapped = await Promise.all([lost, kept].map(async (key) => MasterKeys.open(new MasterKeyText(key, 'the test'), systemRandom)));
  for (const keys of wrapped) {
    const name = randomBytes(16).toString('hex');
    const row = { identity: randomBytes(32), name, size: 1n, wrapped_key: keys.wrap(randomBytes(32)), block_hashes: randomBytes(32), sha256: null, dc_id: 2, created_date: 1, checked_date: 1 };
    await database.q.insertInto('blobs').values(row).execute();
  }
  const env = { AEROGRAM_MASTER_KEYS: `${'33'.repeat(32)},${kept}`, AEROGRAM_LOG_LEVEL: 'warn' };
  await using server = await startServerProcess({ databaseUrl: database.url, env });
  expect(server.output).toContain(`the master key ${wrapped[0]!.currentId} is missing from AEROGRAM_MASTER_KEYS`);
  expect(server.output).not.toContain(wrapped[1]!.currentId);
  const { host, port } = server.info.http;
  expect((await fetch(`http://${host}:${port}/readyz`)).status).toBe(200);
});
