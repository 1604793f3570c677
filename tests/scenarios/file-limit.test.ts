import { startServerProcess } from '@aerogram/dev-env/load';
import { readFileLimit } from '@aerogram/runtime';
import { testDatabase } from '@aerogram/storage/testing';
import { expect, test } from 'vitest';

const CONNECTIONS = 1000;

/** Starts a server with a file limit. @returns the resulting limit, and whether it warns that this is too low */
async function startUnder(fileLimit: string, connections: number): Promise<{ limit: number; complains: boolean }> {
  await using database = await testDatabase();
  const env = { AEROGRAM_MAX_CONNECTIONS: String(connections), AEROGRAM_LOG_LEVEL: 'warn' };
  await using server = await startServerProcess({ databaseUrl: database.url, fileLimit, env });
  const limit = readFileLimit(`/proc/${server.info.pid}/limits`);
  return { limit: limit ?? 0, complains: server.output.includes('AEROGRAM_MAX_CONNECTIONS') };
}

test('a server raises the soft limit of open files to what its connections need', async () => {
  const { limit, complains } = await startUnder('-Sn 256', CONNECTIONS);
  expect(limit).toBeGreaterThan(CONNECTIONS);
  expect(complains).toBe(false);
});

test('and warns if it cannot, because the hard limit is lower and it may not raise that', async () => {
  // A process with CAP_SYS_RESOURCE may raise it; then there is no warning.
  const { limit, complains } = await startUnder('-n 512', CONNECTIONS);
  expect(complains).toBe(limit < CONNECTIONS);
  expect(limit).toBeGreaterThanOrEqual(512);
  // More than any system allows, even with that capability.
  expect(await startUnder('-n 512', 10_000_000)).toMatchObject({ complains: true });
});

test('and does not warn if the limit is sufficient', async () => {
  expect(await startUnder('-n 512', 100)).toMatchObject({ complains: false });
});
