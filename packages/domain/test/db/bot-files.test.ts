import { randomBytes } from 'node:crypto';

import { systemRandom } from '@aerogram/runtime';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { doMakeBot } from '../../src/bots/index.ts';
import { trimBotFiles } from '../../src/bot-files/bot-file-store.ts';
import type { UsableFile } from '../../src/index.ts';
import { thumbIdOf } from '../../src/documents/document-id.ts';
import { uploadedPhotos } from './accounts-world.ts';
import { createFileStage, type FileStage, ORIGIN } from './file-stage.ts';

const WEEK_S = 7 * 86_400;

describe('the files of bots', () => {
  let stage: FileStage;
  let alice: bigint;
  let bot: bigint;
  let otherBot: bigint;
  beforeAll(async () => {
    stage = await createFileStage({}, { photos: uploadedPhotos });
  });
  afterAll(() => stage[Symbol.asyncDispose]());
  beforeEach(async () => {
    alice = await stage.signUp('Alice');
    const { db, clock, domain: { config } } = stage.world;
    const maker = { db, clock, random: systemRandom, keys: { wrap: (bytes: Uint8Array) => bytes }, config };
    const makeBot = async (): Promise<bigint> => (await doMakeBot(maker, { name: 'Bot', username: `b${randomBytes(4).toString('hex')}bot`, ownerId: undefined })).botId;
    [bot, otherBot] = [await makeBot(), await makeBot()];
  });

  const collectAfter = async (seconds: number): Promise<void> => {
    await stage.runJob('collect-files');
    await stage.world.clock.advance(seconds * 1000);
    await stage.runJob('collect-files');
  };
  const isThere = async (id: bigint): Promise<boolean> => (await stage.world.db.q.selectFrom('documents').select('document_id').where('document_id', '=', id).execute()).length > 0;
  const keptFor = async (botId: bigint): Promise<bigint[]> => (await stage.world.db.q.selectFrom('bot_files').select('document_id').where('bot_id', '=', botId).orderBy('document_id').execute()).map((row) => row.document_id);
  /** Sends a file to a bot in a message. */
  const sendFile = async (bytes = randomBytes(1000)): Promise<{ id: bigint; msgId: number; bytes: Uint8Array }> => {
    const media = await stage.upload(alice, bytes);
    const { msg_id: msgId } = await stage.send(alice, bot, media);
    return { id: media.document!.id, msgId, bytes };
  };
  const uploadPhoto = async (bytes: Uint8Array): Promise<bigint> => {
    const id = stage.nextId();
    await stage.world.domain.files.doSavePart({ userId: bot, fileId: id, part: 0, totalParts: undefined }, bytes);
    return (await stage.world.domain.files.photos.doPrepareMedia(bot, { _: 'inputMediaUploadedPhoto', file: { _: 'inputFile', id, parts: 1, name: 'a', md5_checksum: '' } })).photo!.id;
  };
  const prepare = (userId: bigint, used: UsableFile | undefined): Promise<unknown> => {
    const { files } = stage.world.domain;
    return used?.kind === 'photo' ? files.photos.doPrepareMedia(userId, { _: 'inputMediaPhoto', id: used.id }) : files.doPrepareMedia(userId, { _: 'inputMediaDocument', id: used!.id });
  };
  const forget = async (msgId: number): Promise<void> => {
    await stage.world.domain.messages.doDelete({ ownerId: alice, msgIds: [msgId], revoke: true, origin: ORIGIN });
  };

  it('are sent again by the bot that has received them, and by no other bot or person', async () => {
    const { id } = await sendFile();
    const used = await stage.world.domain.botFiles.doUse(bot, id);
    expect(await prepare(bot, used)).toMatchObject({ document: { id } });
    await expect(prepare(otherBot, used)).rejects.toMatchObject({ text: 'FILE_REFERENCE_EXPIRED' });
    await expect(prepare(alice, used)).rejects.toMatchObject({ text: 'FILE_REFERENCE_EXPIRED' });
  });

  it('are kept once they were used, and go a week after the message if they were only received', async () => {
    const [received, used] = [await sendFile(), await sendFile()];
    const keptUse = await stage.world.domain.botFiles.doUse(bot, used.id);
    for (const { msgId } of [received, used]) await forget(msgId);
    await collectAfter(WEEK_S + 600);
    expect([await isThere(received.id), await isThere(used.id)]).toEqual([false, true]);
    expect(await stage.world.domain.botFiles.doUse(bot, received.id)).toBeUndefined();
    // A new reference is needed after a day, and the bot gets one.
    await expect(prepare(bot, keptUse)).rejects.toMatchObject({ text: 'FILE_REFERENCE_EXPIRED' });
    expect(await prepare(bot, await stage.world.domain.botFiles.doUse(bot, used.id))).toMatchObject({ document: { id: used.id } });
  });

  it('are photos, too, and keep thumbnails', async () => {
    const id = await uploadPhoto(randomBytes(500));
    await stage.world.domain.botFiles.doKeep(bot, [id]);
    // A document's thumbnail is a row of its own.
    const { id: documentId, msgId } = await sendFile();
    const { q } = stage.world.db;
    const [row] = await q.selectFrom('documents').selectAll().where('document_id', '=', documentId).execute();
    await q.insertInto('documents').values({ ...row!, document_id: thumbIdOf(documentId) }).execute();
    await q.insertInto('file_releases').values({ document_id: thumbIdOf(documentId), since_date: 0 }).execute();
    await stage.world.domain.botFiles.doKeep(bot, [documentId, 12345n]);
    await forget(msgId);
    await collectAfter(WEEK_S + 600);
    expect([await isThere(id), await isThere(documentId), await isThere(thumbIdOf(documentId))]).toEqual([true, true, true]);
    expect(await prepare(bot, await stage.world.domain.botFiles.doUse(bot, id))).toMatchObject({ photo: { id } });
    expect(await keptFor(bot)).toEqual([id, documentId].toSorted((one, other) => Number(one - other)));
  });

  it('are freed with the bot', async () => {
    const id = await uploadPhoto(randomBytes(500));
    await stage.world.domain.botFiles.doKeep(bot, [id]);
    await collectAfter(WEEK_S + 600);
    expect(await isThere(id)).toBe(true);
    await stage.world.domain.auth.doDeleteBot(undefined, bot);
    await stage.world.runJobs('repeat');
    expect(await keptFor(bot)).toEqual([]);
    await collectAfter(WEEK_S + 600);
    expect(await isThere(id)).toBe(false);
  });

  it('are dropped if there are too many, first those that were not used for the longest time', async () => {
    const { botFiles } = stage.world.domain;
    const ids: bigint[] = [];
    for (let file = 0; file < 3; file++) {
      ids.push(await uploadPhoto(randomBytes(500)));
      await botFiles.doKeep(bot, ids.slice(-1));
      await stage.world.clock.advance(2 * 86_400_000);
    }
    // The oldest one is used again.
    await botFiles.doUse(bot, ids[0]!);
    expect(await stage.world.db.transact('test', (tx) => trimBotFiles(tx, bot, { most: 2, limit: 10 }))).toBe(1);
    expect(await keptFor(bot)).toEqual([ids[0]!, ids[2]!].toSorted((one, other) => Number(one - other)));
    await stage.runJob('trim-bot-files');
    expect((await keptFor(bot)).length).toBe(2);
    await collectAfter(WEEK_S + 600);
    expect([await isThere(ids[0]!), await isThere(ids[1]!)]).toEqual([true, false]);
  });

  it('are loaded by paths of this bot for an hour at least', async () => {
    const { botFiles } = stage.world.domain;
    const { id, bytes } = await sendFile();
    const photoBytes = randomBytes(500);
    const photoId = await uploadPhoto(photoBytes);
    expect(await botFiles.find({ documentId: id, sizeType: '' })).toMatchObject({ size: bytes.length, mimeType: 'text/plain' });
    const paths = [botFiles.pathOf(bot, { documentId: id, sizeType: '' }), botFiles.pathOf(bot, { documentId: photoId, sizeType: 'a' })];
    await stage.world.clock.advance(3_599_000);
    const [file, photo] = [await botFiles.openPath(bot, paths[0]!), await botFiles.openPath(bot, paths[1]!)];
    expect(Buffer.compare(await file!.read(0, 2000), bytes)).toBe(0);
    expect(Buffer.compare(await photo!.read(100, 2000), photoBytes.subarray(100))).toBe(0);
    expect(photo).toMatchObject({ mimeType: 'image/jpeg', size: 500 });
    for (const path of paths) {
      expect(await botFiles.openPath(otherBot, path)).toBeUndefined();
      expect(await stage.world.domain.files.named.openLink(path)).toBeUndefined();
    }
    expect(await botFiles.find({ documentId: photoId, sizeType: 'x' })).toBeUndefined();
    await stage.world.clock.advance(2 * 3_600_000);
    expect(await botFiles.openPath(bot, paths[0]!)).toBeUndefined();
  });
});
