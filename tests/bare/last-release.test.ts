import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Device, logIn } from '@aerogram/dev-env';
import { findRepositoryRoot, startServerProcess } from '@aerogram/dev-env/load';
import { SCHEMA_VERSION } from '@aerogram/storage';
import { Long } from '@mtcute/node';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { LastRelease, runAerogram } from './last-release.ts';

const run = promisify(execFile);

let release: LastRelease;
let folder: string;

beforeAll(async () => {
  // Programs inherit the variables of the test run, such as AEROGRAM_TEST_SIZE, and the last release does not start with those that it does not know.
  for (const name of Object.keys(process.env)) if (name.startsWith('AEROGRAM_')) vi.stubEnv(name, undefined);
  await run(process.execPath, [join(findRepositoryRoot(), 'tools/build.mjs')]);
  release = await LastRelease.build();
  folder = mkdtempSync(join(tmpdir(), 'upgrade-'));
});
afterAll(() => {
  vi.unstubAllEnvs();
  release?.[Symbol.dispose]();
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
});

/** The command line of this program. */
const aerogram = (dataDir: string, ...args: string[]): Promise<string> => runAerogram(findRepositoryRoot(), dataDir, args);

const note = (device: Device, message: string): Promise<unknown> =>
  device.change({ _: 'messages.sendMessage', peer: { _: 'inputPeerSelf' }, message, randomId: Long.fromNumber(message.length) });

test('this program serves from a database of the last release, and the last release goes on from its own backup', async () => {
  const [dataDir, backup, back] = ['data', 'backup', 'back'].map((name) => join(folder, name)) as [string, string, string];
  await release.aerogram(dataDir, 'dev', 'seed', '--users', '200', '--messages', '1000', '--devices', '10', '--channels', '4', '--channels-each', '2');
  await using before = await startServerProcess({ dataDir, program: release.server });
  let serving = before;
  const { device } = await logIn(() => serving.info, { name: 'Ann', phone: '9996621234', code: '22222' });
  await using ann = device;
  await note(ann, 'before the upgrade');
  await ann.sees('before the upgrade');
  await ann.goOffline();
  await release.aerogram(dataDir, 'backup', backup);
  await before.stop();

  // Before the upgrade: what is to be done, tried on a copy of the backup, which the new program can read.
  const check = await aerogram(dataDir, 'migrate', '--check');
  expect(check).toMatch(new RegExp(`^program .*, schema version ${SCHEMA_VERSION}: \\d+ steps to do\nstep `, 'm'));
  expect(check).toMatch(/^step .* locks .*messages \(/m);
  expect(await aerogram(dataDir, 'status')).toMatch(/^to do {6}the database schema is older \(\d+\) than the program's/m);
  const verified = await aerogram(dataDir, 'backup', '--verify', backup);
  expect(verified).toMatch(new RegExp(`^database {3}starts, came to schema ${SCHEMA_VERSION} in [\\d.]+ s, holds 201 accounts`, 'm'));
  expect(verified).toMatch(/^sound /m);

  // The same directory, with the same keys and sessions.
  await using after = await startServerProcess({ dataDir });
  serving = after;
  await ann.goOnline();
  await ann.sees('before the upgrade');
  await note(ann, 'after the upgrade');
  await ann.sees('after the upgrade');
  await ann.goOffline();
  await after.stop();
  await expect(release.aerogram(dataDir, 'migrate')).rejects.toThrow('run the newer program, or restore a backup from before the upgrade');

  // The way back.
  cpSync(backup, join(folder, 'backup-again'), { recursive: true });
  await release.aerogram(back, 'restore', join(folder, 'backup-again'));
  await using again = await startServerProcess({ dataDir: back, program: release.server });
  serving = again;
  const { device: other, user } = await logIn(() => serving.info, { name: 'Ann', phone: '9996621234', code: '22222' });
  await using annAgain = other;
  const history = await annAgain.loadHistory(user.id);
  expect(history.map(({ text }) => text)).toEqual(['before the upgrade']);
});
