import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startServerProcess } from '@aerogram/dev-env/load';
import { silentLogger } from '@aerogram/runtime';
import { type EmbeddedPostgres, startEmbedded } from '@aerogram/storage';
import { afterEach, beforeEach, expect, test } from 'vitest';

/** How long `/readyz` may take to notice that the database has gone or come back, in milliseconds. */
const NOTICE_MS = 5000;

let folder: string;
let postgres: EmbeddedPostgres;

/** A PostgreSQL that the server does not start itself, as an operator's is. */
async function startPostgres(): Promise<void> {
  postgres = await startEmbedded({ dataDir: join(folder, 'postgres'), log: silentLogger });
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'aerogram-'));
  await startPostgres();
});
afterEach(async () => {
  await postgres.stop();
  rmSync(folder, { recursive: true, force: true });
});

test('a server uses a database by its socket, names settings that do not apply, and /readyz follows its loss and return', async () => {
  const socketDir = new URL(postgres.url).searchParams.get('host')!;
  let output = '';
  await using server = await startServerProcess({
    databaseUrl: `postgresql://aerogram@/postgres?host=${socketDir}`,
    env: { AEROGRAM_BACKUP_DIR: join(folder, 'backups'), AEROGRAM_MIN_FREE_PERCENT: '1' },
    onOutput: (text) => (output += text),
  });
  expect(output).toContain('AEROGRAM_BACKUP_DIR: about the embedded database only');
  expect(output).toContain('AEROGRAM_MIN_FREE_PERCENT: about the files of users in the data directory only');
  const { host, port } = server.info.http;
  const ready = async (): Promise<number> => (await fetch(`http://${host}:${port}/readyz`)).status;
  expect(await ready()).toBe(200);
  for (let turn = 0; turn < 2; turn++) {
    await postgres.stop();
    await expect.poll(ready, { timeout: NOTICE_MS, interval: 50 }).toBe(503);
    expect((await fetch(`http://${host}:${port}/healthz`)).status).toBe(200);
    await startPostgres();
    await expect.poll(ready, { timeout: NOTICE_MS, interval: 50 }).toBe(200);
  }
});
