import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFakeClock, seededRandom } from '@aerogram/runtime';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openFiles } from '../src/open-files.ts';

const [first, second] = ['11'.repeat(32), '22'.repeat(32)];
let dataDir = '';
beforeAll(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'aerogram-files-'));
});
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

type Settings = Parameters<typeof openFiles>[0]['config'];

/** Opens the files with some settings. @returns the ids of the master keys */
async function keyIdsWith(settings: Partial<Settings>): Promise<readonly string[]> {
  const plain = {
    dataDir, uploadPartsMax: 4000, unfinishedUploadBytes: 2 ** 32, unfinishedUploads: 64, unsentFileBytes: 2 ** 32, masterKeys: undefined, masterKeysCommand: undefined,
    filesDir: undefined, s3Bucket: undefined, s3Endpoint: undefined, s3Region: 'us-east-1', s3Prefix: undefined, s3AccessKey: undefined, s3SecretKey: undefined,
  };
  await using files = await openFiles({ config: { ...plain, ...settings }, clock: createFakeClock(), random: seededRandom('open files'), refusal: () => undefined });
  return files.keys.ids;
}

test('master keys come from a setting or from a command, and then none is created in the data directory', async () => {
  const ids = await keyIdsWith({ masterKeys: `${first},${second}` });
  expect(ids).toHaveLength(2);
  expect(await keyIdsWith({ masterKeysCommand: `echo ${first}; echo ${second}` })).toEqual(ids);
  expect(readdirSync(dataDir)).not.toContain('keys');
});

test('settings that contradict each other are refused', async () => {
  await expect(keyIdsWith({ masterKeys: first, masterKeysCommand: `echo ${first}` })).rejects.toThrow('exclude each other');
  await expect(keyIdsWith({ s3Bucket: 'files', s3AccessKey: 'id' })).rejects.toThrow('belong together');
  await expect(keyIdsWith({ s3Bucket: 'files', s3Prefix: 'prod' })).rejects.toThrow('must end with a slash');
});

test('the limits of a user must leave room for the longest file', async () => {
  const longest = 4000 * 512 * 1024;
  const unfinished = { unfinishedUploadBytes: longest + 256 * 1024 };
  await expect(keyIdsWith({ unfinishedUploadBytes: unfinished.unfinishedUploadBytes - 1 })).rejects.toThrow(
    'AEROGRAM_UPLOAD_PARTS_MAX allows files of 2097152000 bytes, for which AEROGRAM_UNFINISHED_UPLOAD_BYTES must be at least 2097414144; it is 2097414143',
  );
  await expect(keyIdsWith({ ...unfinished, unsentFileBytes: longest - 1 })).rejects.toThrow('AEROGRAM_UPLOAD_PARTS_MAX allows files of 2097152000 bytes, for which AEROGRAM_UNSENT_FILE_BYTES');
  expect(await keyIdsWith({ ...unfinished, unsentFileBytes: longest })).toHaveLength(1);
  expect(await keyIdsWith({ uploadPartsMax: 1, unfinishedUploadBytes: 2 ** 20, unsentFileBytes: 2 ** 20 })).toHaveLength(1);
});

test('without these settings a master key is created, and found again', async () => {
  const ids = await keyIdsWith({});
  expect(ids).toHaveLength(1);
  expect(await keyIdsWith({})).toEqual(ids);
});
