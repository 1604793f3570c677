import { execFile } from 'node:child_process';
import { mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';
import { checkRules, World } from '@aerogram/dev-env';
import { startServerProcess, type ServerProcess } from '@aerogram/dev-env/load';

const root = mkdtempSync(join(tmpdir(), 'aerogram-restore-'));
const dataDir = join(root, 'data');
let server: ServerProcess | undefined;
let world: World | undefined;
afterAll(async () => {
  await world?.[Symbol.asyncDispose]();
  await server?.[Symbol.asyncDispose]();
  rmSync(root, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
});

/** Runs the command line with the server's data directory. */
async function aerogram(...args: string[]): Promise<string> {
  const program = fileURLToPath(new URL('../../dist/aerogram.js', import.meta.url));
  return (await promisify(execFile)(process.execPath, [program, '--data-dir', dataDir, ...args])).stdout;
}

test('clients from before a restore catch up by a difference and continue', async () => {
  server = await startServerProcess({ dataDir });
  world = new World(server);
  const [alice, bob] = [await world.user('Alice'), await world.user('Bob')];
  await alice.send(bob, 'kept');
  await bob.sees('kept');
  expect(await aerogram('backup', join(root, 'backup'))).toMatch(/^backup /);
  for (let n = 0; n < 5; n++) await alice.send(bob, `lost ${n}`);
  const lost = await bob.sees('lost 4');
  await alice.main.goOffline();
  await bob.main.goOffline();
  const before = bob.main.state.pts;

  // The disk is lost; only the backup is left.
  await server.kill('SIGKILL');
  await server.killDatabase();
  renameSync(dataDir, join(root, 'lost'));
  expect(await aerogram('restore', join(root, 'backup'))).toContain('epoch      2');
  await server.start();

  for (const { main } of [alice, bob]) {
    await main.goOnline();
    await main.catchUp();
  }
  expect(bob.main.state.pts).toBeGreaterThan(1_000_000);
  expect(bob.main.state.pts).toBeGreaterThan(before);
  // Clients are still logged in; new messages reach everybody with ids that were never used before.
  await alice.send(bob, 'after');
  const after = await bob.sees('after');
  expect(after.id).toBeGreaterThan(lost.id + 900_000);
  for (const actor of [alice, bob]) {
    checkRules(actor.main);
    const other = actor === alice ? bob : alice;
    expect((await actor.main.loadHistory(other.id)).map((message) => message.text)).toEqual(['after', 'kept']);
  }
  // Bob still has what the server lost, which does no harm.
  expect(bob.main.find('lost 4')).toBeDefined();
});
