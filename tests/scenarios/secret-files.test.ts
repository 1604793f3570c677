import { randomBytes } from 'node:crypto';
import type { Device } from '@aerogram/dev-env';
import { Long, tl } from '@mtcute/node';
import { randomLong } from '@mtcute/node/utils.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hashOf } from './file-stage.ts';
import { startScenario, type Scenario } from './scenario.ts';
import { openSecret, type Side } from './secret-stage.ts';

const PART = 128 * 1024;

let scenario: Scenario;
beforeAll(async () => {
  scenario = await startScenario();
});
afterAll(() => scenario?.[Symbol.asyncDispose]());

/** Uploads bytes in parts, as clients do. */
async function uploadParts(device: Device, bytes: Uint8Array): Promise<tl.RawInputEncryptedFileUploaded> {
  const id = randomLong();
  const parts = Math.max(1, Math.ceil(bytes.length / PART));
  for (let part = 0; part < parts; part++) await device.call({ _: 'upload.saveFilePart', fileId: id, filePart: part, bytes: bytes.subarray(part * PART, (part + 1) * PART) });
  return { _: 'inputEncryptedFileUploaded', id, parts, md5Checksum: '', keyFingerprint: 77 };
}

async function sendFile({ device, input }: Side, file: tl.TypeInputEncryptedFile, randomId = randomLong()): Promise<tl.RawEncryptedFile> {
  const sent = await device.call({ _: 'messages.sendEncryptedFile', peer: input, randomId, data: Buffer.from('about a file'), file });
  return (sent as tl.messages.RawSentEncryptedFile).file as tl.RawEncryptedFile;
}

async function download(device: Device, { id, accessHash, size }: tl.RawEncryptedFile): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for (let at = 0; at < size; at += PART) {
    const file = await device.call({ _: 'upload.getFile', location: { _: 'inputEncryptedFileLocation', id, accessHash }, offset: at, limit: PART, cdnSupported: true });
    if (file._ !== 'upload.file') throw new Error(file._);
    parts.push(file.bytes);
  }
  return Buffer.concat(parts);
}

const outcomeOf = (call: Promise<unknown>): Promise<string> => call.then(() => 'ok', (error: unknown) => (error instanceof tl.RpcError ? error.text : Promise.reject(error as Error)));

describe('files of secret chats', () => {
  test('are sent, loaded and sent again, and are nobody else’s', async () => {
    const [alice, bob, carol] = [await scenario.world.user('Alice'), await scenario.world.user('Bob'), await scenario.world.user('Carol')];
    await alice.meet(bob);
    const chat = await openSecret(alice.main, bob.main, bob);
    const bytes = randomBytes(300_000);
    const [upload, randomId] = [await uploadParts(alice.main, bytes), randomLong()];
    const sent = await sendFile(chat.from, upload, randomId);
    expect(sent).toMatchObject({ size: 300_000, keyFingerprint: 77 });
    // The upload is gone when the call is repeated.
    expect(await sendFile(chat.from, upload, randomId)).toEqual(sent);
    const { message } = await bob.main.seesUpdate('updateNewEncryptedMessage');
    if (message._ !== 'encryptedMessage' || message.file._ !== 'encryptedFile') throw new Error(message._);
    const got = message.file;
    expect(got.id.eq(sent.id) && !got.accessHash.eq(sent.accessHash)).toBe(true);
    expect(hashOf(await download(bob.main, got))).toBe(hashOf(bytes));
    expect(hashOf(await download(alice.main, sent))).toBe(hashOf(bytes));
    expect([await outcomeOf(download(carol.main, got)), await outcomeOf(download(bob.main, sent)), await outcomeOf(download(bob.main, { ...got, id: Long.ONE }))]).toEqual(['LOCATION_INVALID', 'LOCATION_INVALID', 'LOCATION_INVALID']);
    const again = await sendFile(chat.to, { _: 'inputEncryptedFile', id: got.id, accessHash: got.accessHash });
    expect(again.id.eq(sent.id)).toBe(true);
    expect(await outcomeOf(sendFile(chat.from, { _: 'inputEncryptedFile', id: got.id, accessHash: got.accessHash }))).toBe('FILE_EMTPY');
    expect(await outcomeOf(sendFile(chat.from, { _: 'inputEncryptedFileEmpty' }))).toBe('FILE_EMTPY');
    expect(await outcomeOf(sendFile(chat.from, { ...(await uploadParts(alice.main, randomBytes(10))), md5Checksum: '0'.repeat(32) }))).toBe('MD5_CHECKSUM_INVALID');
    expect(await outcomeOf(sendFile(chat.from, { ...upload, id: randomLong() }))).toBe('FILE_PART_%d_MISSING');
  });

  test('are kept apart even if they are equal, without a thumbnail, and nobody looks into them', async () => {
    const [alice, bob] = [await scenario.world.user('Alice'), await scenario.world.user('Bob')];
    await alice.meet(bob);
    const chat = await openSecret(alice.main, bob.main, bob);
    const { db } = scenario.server;
    const documents = async (): Promise<number> => Number((await db.q.selectFrom('documents').select(({ fn }) => fn.countAll().as('n')).executeTakeFirstOrThrow()).n);
    const before = await documents();
    // A picture that the server would make sizes of if it were sent elsewhere.
    const bytes = randomBytes(5000);
    const [first, second] = [await sendFile(chat.from, await uploadParts(alice.main, bytes)), await sendFile(chat.from, await uploadParts(alice.main, bytes))];
    expect(first.id.eq(second.id)).toBe(false);
    expect(await documents()).toBe(before);
    const rows = await db.q.selectFrom('secret_files').innerJoin('blobs', 'blobs.identity', 'secret_files.identity').select(['blobs.name', 'blobs.sha256']).where('uploader_id', '=', BigInt(alice.id)).execute();
    expect([rows.length, new Set(rows.map(({ name }) => name)).size, rows.every(({ sha256 }) => sha256 === null)]).toEqual([2, 2, true]);
    const unsent = (await alice.main.call({ _: 'messages.uploadEncryptedFile', peer: chat.from.input, file: await uploadParts(alice.main, bytes) })) as tl.RawEncryptedFile;
    expect(hashOf(await download(alice.main, unsent))).toBe(hashOf(bytes));
    expect(await sendFile(chat.from, { _: 'inputEncryptedFile', id: unsent.id, accessHash: unsent.accessHash })).toMatchObject({ size: 5000 });
  });
});
