import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomLong } from '@mtcute/node/utils.js';
import { afterAll, expect, test } from 'vitest';
import { World } from '@aerogram/dev-env';
import { makeKeyWith, startServerProcess, type ServerProcess } from '@aerogram/dev-env/load';
import { testDatabase } from '@aerogram/storage/testing';
import { documentOf, download, hashOf, makeFile, sendFile, sendMedia, uploadedDocument, waitOf } from './file-stage.ts';

const root = mkdtempSync(join(tmpdir(), 'aerogram-full-'));
const env: Record<string, string> = { AEROGRAM_BALLAST_BYTES: '0' };
let server: ServerProcess | undefined;
let world: World | undefined;
afterAll(async () => {
  await world?.[Symbol.asyncDispose]();
  await server?.[Symbol.asyncDispose]();
  rmSync(root, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
});

const part = { _: 'upload.saveFilePart' as const, fileId: randomLong(), filePart: 0, bytes: new Uint8Array(1024) };

test('on a full disk users connect and read; writes are answered with FLOOD_WAIT', async () => {
  server = await startServerProcess({ dataDir: join(root, 'data'), env });
  world = new World(server);
  const [alice, bob] = [await world.user('Alice'), await world.user('Bob')];
  await alice.send(bob, 'kept');
  await bob.sees('kept');
  await alice.main.goOffline();
  await bob.main.goOffline();

  // With this setting every disk counts as full.
  await server.kill('SIGTERM');
  env['AEROGRAM_MIN_FREE_BYTES'] = String(2 ** 50);
  env['AEROGRAM_MIN_FREE_PERCENT'] = '100';
  await server.start();
  await alice.main.goOnline();
  const send = { _: 'messages.sendMessage' as const, peer: alice.main.inputPeer(bob.id), message: 'late', randomId: randomLong() };
  expect(await alice.main.fails(send)).toMatchObject({ code: 420 });
  expect(await waitOf(alice.main, part)).toBe(300);
  expect((await alice.main.loadHistory(bob.id)).map((message) => message.text)).toEqual(['kept']);
  // A new key is a write, too, but without one a client that has lost its key could not even read.
  await makeKeyWith(server.info);
  expect(server.output).toContain('is nearly full');
  await alice.main.goOffline();

  await server.kill('SIGTERM');
  env['AEROGRAM_MIN_FREE_BYTES'] = '0';
  await server.start();
  for (const { main } of [alice, bob]) {
    await main.goOnline();
    await main.catchUp();
  }
  await alice.main.change(send);
  await bob.sees('late');
});

test('with an external database only files are refused, in every process, and an upload goes on when there is room', async () => {
  await using database = await testDatabase();
  const settings: Record<string, string> = { AEROGRAM_WORKERS: '2' };
  await using files = await startServerProcess({ databaseUrl: database.url, env: settings });
  await using users = new World(files);
  const [alice, bob] = [await users.user('Alice'), await users.user('Bob')];
  await sendFile(alice, bob, makeFile(1000), 'before');
  const big = makeFile(3_000_000);
  const media = await uploadedDocument(alice.main, big);
  const restart = async (minFree: number): Promise<void> => {
    await alice.main.goOffline();
    await bob.main.goOffline();
    await files.kill('SIGTERM');
    Object.assign(settings, { AEROGRAM_MIN_FREE_BYTES: String(minFree), AEROGRAM_MIN_FREE_PERCENT: '100' });
    await files.start();
    for (const { main } of [alice, bob]) {
      await main.goOnline();
      await main.catchUp();
    }
  };

  await restart(2 ** 50);
  await alice.send(bob, 'words go through');
  const peer = alice.main.inputPeer(bob.id);
  const refused = { _: 'messages.sendMedia' as const, peer, media, message: 'after', randomId: randomLong() };
  // The workers are told within a second.
  await expect.poll(() => alice.main.call(part).catch((error: Error) => error.message), { timeout: 20_000 }).toContain('300');
  expect(await waitOf(alice.main, refused)).toBe(300);

  await restart(0);
  await sendMedia(alice.main, media, { peer, caption: 'after' });
  const document = await documentOf(bob.main, (await bob.sees('after')).id);
  expect(hashOf(await download(bob.main, document))).toBe(hashOf(big.bytes));
});
