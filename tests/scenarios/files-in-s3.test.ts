import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import S3rver from '@20minutes/s3rver';
import { randomLong } from '@mtcute/node/utils.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { documentOf, download, hashOf, locationOf, makeFile, sendFile, uploadedDocument, waitOf } from './file-stage.ts';
import { startScenario, type Scenario } from './scenario.ts';

const BUCKET = 'aerogram-files';
let directory = '';
let service: S3rver;
let port = 0;
let scenario: Scenario;

/** Settings of a server that keeps its files in the S3 service of the test. */
const s3Env = (): Record<string, string> => ({
  AEROGRAM_S3_BUCKET: BUCKET, AEROGRAM_S3_ENDPOINT: `http://127.0.0.1:${port}`, AEROGRAM_S3_ACCESS_KEY: 'S3RVER', AEROGRAM_S3_SECRET_KEY: 'S3RVER', AEROGRAM_S3_PREFIX: 'files/',
});

/** Starts the service on what it held before. @param port 0 chooses a free one @returns the port */
async function startService(port: number): Promise<number> {
  // It computes the signatures of listings in another way than the SDK and other services.
  service = new S3rver({ address: '127.0.0.1', port, silent: true, allowMismatchedSignatures: true, directory, configureBuckets: [{ name: BUCKET, configs: [] }] });
  return (await service.run()).port;
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'aerogram-s3-'));
  port = await startService(0);
  scenario = await startScenario({ env: s3Env() });
});
afterAll(async () => {
  await scenario?.[Symbol.asyncDispose]();
  await service?.close();
  await rm(directory, { recursive: true, force: true });
});

test('files are kept in S3, encrypted, and come back', async () => {
  const alice = await scenario.world.user('Alice');
  const bob = await scenario.world.user('Bob');
  const file = makeFile(6_000_000);
  await sendFile(alice, bob, file, 'far away');
  const document = await documentOf(bob.main, (await bob.sees('far away')).id);
  expect(hashOf(await download(bob.main, document))).toBe(hashOf(file.bytes));
  expect(await readdir(join(directory, BUCKET, 'files'))).not.toEqual([]);
});

test('another server does not start with the bucket and prefix of this one, with several processes neither', async () => {
  await expect(startScenario({ env: s3Env() })).rejects.toThrow('with the prefix "files/" (AEROGRAM_S3_PREFIX) belongs to another server');
  await expect(startScenario({ env: { ...s3Env(), AEROGRAM_WORKERS: '2' } })).rejects.toThrow('aerogram blobs adopt');
  const other = await startScenario({ env: { ...s3Env(), AEROGRAM_S3_PREFIX: 'others/' } });
  await other[Symbol.asyncDispose]();
});

test('while S3 is away, clients are told to wait, and their transfers go on afterwards', async () => {
  const alice = await scenario.world.user('Alice');
  const bob = await scenario.world.user('Bob');
  const [first, second] = [makeFile(2 * 1024 * 1024), makeFile(7_000_000)];
  await sendFile(alice, bob, first, 'half loaded');
  const document = await documentOf(bob.main, (await bob.sees('half loaded')).id);
  const load = (offset: number) => ({ _: 'upload.getFile' as const, location: locationOf(document), offset, limit: 1024 * 1024 });
  const loaded = [await bob.main.call(load(0))];
  const media = await uploadedDocument(alice.main, second);
  const send = { _: 'messages.sendMedia' as const, peer: alice.main.inputPeer(bob.id), media, message: 'sent at last', randomId: randomLong() };

  await service.close();
  expect(await waitOf(bob.main, load(1024 * 1024))).toBe(10);
  expect(await waitOf(alice.main, send)).toBe(10);
  const more = await uploadedDocument(alice.main, makeFile(100_000));

  await startService(port);
  loaded.push(await bob.main.call(load(1024 * 1024)));
  expect(hashOf(Buffer.concat(loaded.map((part) => (part._ === 'upload.file' ? part.bytes : new Uint8Array()))))).toBe(hashOf(first.bytes));
  await alice.main.change(send);
  await alice.main.change({ ...send, media: more, message: 'its parts came while S3 was away', randomId: randomLong() });
  const sent = await documentOf(bob.main, (await bob.sees('sent at last')).id);
  expect(hashOf(await download(bob.main, sent))).toBe(hashOf(second.bytes));
  await bob.sees('its parts came while S3 was away');
});
