import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomLong } from '@mtcute/node/utils.js';
import { afterAll, expect, test } from 'vitest';
import { World } from '@aerogram/dev-env';
import { startServerProcess, type ServerProcess } from '@aerogram/dev-env/load';

const root = mkdtempSync(join(tmpdir(), 'aerogram-full-'));
const env: Record<string, string> = { AEROGRAM_BALLAST_BYTES: '0' };
let server: ServerProcess | undefined;
let world: World | undefined;
afterAll(async () => {
  await world?.[Symbol.asyncDispose]();
  await server?.[Symbol.asyncDispose]();
  rmSync(root, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
});

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
  expect((await alice.main.loadHistory(bob.id)).map((message) => message.text)).toEqual(['kept']);
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
