import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import S3rver from '@20minutes/s3rver';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { documentOf, download, hashOf, makeFile, sendFile } from './file-stage.ts';
import { startScenario, type Scenario } from './scenario.ts';

const BUCKET = 'aerogram-files';
let directory = '';
let service: S3rver;
let scenario: Scenario;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'aerogram-s3-'));
  // It computes the signatures of listings in another way than the SDK and other services.
  service = new S3rver({ address: '127.0.0.1', port: 0, silent: true, allowMismatchedSignatures: true, directory, configureBuckets: [{ name: BUCKET, configs: [] }] });
  const { port } = await service.run();
  scenario = await startScenario({
    env: { AEROGRAM_S3_BUCKET: BUCKET, AEROGRAM_S3_ENDPOINT: `http://127.0.0.1:${port}`, AEROGRAM_S3_ACCESS_KEY: 'S3RVER', AEROGRAM_S3_SECRET_KEY: 'S3RVER', AEROGRAM_S3_PREFIX: 'files/' },
  });
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
