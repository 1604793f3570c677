import { randomBytes } from 'node:crypto';
import { homeDcOf } from '@aerogram/cluster';
import { sql, type Tx } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';

import { findBlobOfDocument, saveBlobBlock } from '../../src/index.ts';
import { errorOf, type PhotoMaker } from './accounts-world.ts';
import { createFileStage, type FileStage, ORIGIN, ownProfile } from './file-stage.ts';
import { proverOf } from './password-client.ts';

const DAY_S = 86_400;
const WEEK_S = 7 * DAY_S;
const PLAIN: tl.wallPaperSettings = { _: 'wallPaperSettings' };

/** How many pictures were processed. */
let made = 0;
let isRefusing = false;
/** Makes thumbnails and photos whose only size has the bytes of the upload. */
const photos: PhotoMaker = {
  async make(_account, use, read) {
    made++;
    if (isRefusing) return { outcome: 'refused', reason: 'unreadable' };
    return { outcome: 'made', source: { width: 160, height: 160 }, photo: { sizes: [{ type: use === 'profile' ? 'a' : 'm', width: 160, height: 160, bytes: await read(), prefixes: [] }], stripped: Uint8Array.of(1, 20, 40) } };
  },
  readShape() {
    made++;
    return Promise.resolve(isRefusing ? { outcome: 'refused', reason: 'unreadable' } : { outcome: 'allowed', shape: { width: 11, height: 12 } });
  },
};

let stage: FileStage;
let alice: bigint;
let bob: bigint;
beforeAll(async () => {
  stage = await createFileStage({}, { photos });
  [alice, bob] = [await stage.signUp('Alice'), await stage.signUp('Bob')];
});
afterAll(() => stage?.[Symbol.asyncDispose]());

/** Uploads what begins like a JPEG. */
async function uploadPicture(userId: bigint): Promise<tl.inputFile> {
  const id = stage.nextId();
  await stage.world.domain.files.doSavePart({ userId, fileId: id, part: 0, totalParts: undefined }, Buffer.concat([Buffer.from('ffd8ffe0', 'hex'), randomBytes(1000)]));
  return { _: 'inputFile', id, parts: 1, name: 'a', md5_checksum: '' };
}
const uploadWallpaper = async (userId: bigint): Promise<tl.wallPaper> => stage.world.domain.wallpapers.doUpload(userId, { file: await uploadPicture(userId), mimeType: 'image/jpeg', settings: PLAIN });
const inputOf = ({ id, access_hash }: tl.wallPaper): tl.inputWallPaper => ({ _: 'inputWallPaper', id, access_hash });

const listRows = async (): Promise<bigint[]> =>
  (await stage.world.db.q.selectFrom('wallpapers').select('wallpaper_id').orderBy('wallpaper_id').execute()).map((row) => row.wallpaper_id);
const sorted = (...wallpapers: tl.wallPaper[]): bigint[] => wallpapers.map(({ id }) => id).toSorted((a, b) => (a < b ? -1 : 1));
async function collectAfter(seconds: number): Promise<void> {
  await stage.runJob('collect-files');
  await stage.world.clock.advance(seconds * 1000);
  await stage.runJob('collect-files');
}

it('a new wallpaper names its home in id and link; one from before keeps both and is found by them', async () => {
  const { wallpapers } = stage.world.domain;
  const fresh = await uploadWallpaper(alice);
  expect(homeDcOf(fresh.id)).toBe(2);
  expect(Buffer.from(fresh.slug, 'base64url')[0]).toBe(2);
  const [oldId, oldSlug] = [fresh.id | 7n, `_${fresh.slug.slice(1)}`];
  await stage.world.db.q.updateTable('wallpapers').set({ wallpaper_id: oldId, slug: oldSlug }).where('wallpaper_id', '=', fresh.id).execute();
  const [byLink] = await wallpapers.find(bob, [{ _: 'inputWallPaperSlug', slug: oldSlug }]);
  expect(byLink).toMatchObject({ _: 'wallPaper', id: oldId });
  expect(await wallpapers.find(bob, [inputOf(byLink as tl.wallPaper)])).toEqual([byLink]);
  await stage.world.db.q.deleteFrom('wallpapers').where('wallpaper_id', '=', oldId).execute();
});

it('the job that forgets wallpapers removes those whose file is gone, and keeps those that are new, in a list, or of a chat', async () => {
  const { wallpapers, chatWallpapers } = stage.world.domain;
  const [unused, saved, ofChat, dropped] = [await uploadWallpaper(alice), await uploadWallpaper(alice), await uploadWallpaper(alice), await uploadWallpaper(alice)];
  await wallpapers.doSave(bob, inputOf(saved), PLAIN);
  await wallpapers.doSave(bob, inputOf(dropped), PLAIN);
  await chatWallpapers.doSet(await stage.peerOf(bob), { ownerId: alice, origin: ORIGIN }, { wallpaper: inputOf(ofChat), settings: undefined, msgId: undefined, forBoth: false });
  await stage.runJob('sweep-wallpapers');
  expect(await listRows()).toEqual(sorted(unused, saved, ofChat, dropped));

  // Nobody has saved the first one for a week, and its file is collected.
  await collectAfter(WEEK_S + 60);
  await stage.runJob('sweep-wallpapers');
  await stage.runJob('sweep-wallpapers');
  expect(await listRows()).toEqual(sorted(saved, ofChat, dropped));
  await expect(wallpapers.find(bob, [inputOf(unused)])).rejects.toMatchObject({ text: 'WALLPAPER_INVALID' });
  expect((await wallpapers.list(bob)).slice(0, 2).map(({ id }) => id)).toEqual([dropped.id, saved.id]);
  expect((await chatWallpapers.find(alice, bob)).wallpaper).toMatchObject({ id: ofChat.id });

  await wallpapers.doRemove(bob, inputOf(dropped));
  await stage.runJob('sweep-wallpapers');
  expect(await listRows()).toEqual(sorted(saved, ofChat, dropped));
  await collectAfter(WEEK_S + 60);
  await stage.runJob('sweep-wallpapers');
  expect(await listRows()).toEqual(sorted(saved, ofChat));
});

/**
 * Begins a call while a transaction has locked something.
 * @param change runs in that transaction when the call waits for it, or has not waited and is done
 * @returns the error of the call
 */
async function callBehind(lock: (tx: Tx) => Promise<unknown>, call: () => Promise<unknown>, change: (tx: Tx) => Promise<unknown>): Promise<string> {
  let isDone = false;
  let error: Promise<string> | undefined;
  await stage.world.db.transact('hold', async (tx) => {
    await lock(tx);
    error = errorOf(call()).finally(() => (isDone = true));
    const isWaiting = async (): Promise<boolean> => (await sql`SELECT FROM pg_locks WHERE NOT granted`.execute(tx.q)).rows.length > 0;
    while (!isDone && !(await isWaiting()));
    await change(tx);
  });
  return error!;
}

it('changes of one list wait for each other, so that no wallpaper in it loses its document', async () => {
  const { wallpapers } = stage.world.domain;
  const input = inputOf(await uploadWallpaper(alice));
  const order: string[] = [];
  const calls = { save: () => wallpapers.doSave(alice, input, PLAIN), remove: () => wallpapers.doRemove(alice, input), reset: () => wallpapers.doReset(alice) };
  for (const [name, call] of Object.entries(calls)) {
    await callBehind((tx) => tx.lockCounters([alice]), async () => { await call(); order.push(name); }, async () => order.push('another device'));
  }
  expect(order).toEqual(['another device', 'save', 'another device', 'remove', 'another device', 'reset']);
});

it('a wallpaper that is collected at this moment is neither saved nor set for a chat, also by the message about it', async () => {
  const { wallpapers, chatWallpapers } = stage.world.domain;
  const setFor = async (input: { wallpaper: tl.InputWallPaper } | { msgId: number }) =>
    chatWallpapers.doSet(await stage.peerOf(bob), { ownerId: alice, origin: ORIGIN }, { wallpaper: undefined, msgId: undefined, settings: undefined, forBoth: false, ...input });
  const made = await uploadWallpaper(alice);
  const [one, other, id] = [inputOf(made), inputOf(await uploadWallpaper(alice)), made.document.id];
  const { msg_id: msgId } = (await setFor({ wallpaper: one }))!;
  await setFor({ wallpaper: other });
  const calls = [() => wallpapers.doSave(bob, one, PLAIN), () => setFor({ wallpaper: one }), () => setFor({ msgId })];
  const errors: string[] = [];
  for (const call of calls) {
    const [row] = await stage.world.db.q.selectFrom('documents').selectAll().where('document_id', '=', id).execute();
    const collect = (tx: Tx) => tx.q.deleteFrom('documents').where('document_id', '=', id).execute();
    errors.push(await callBehind((tx) => tx.q.selectFrom('documents').select('document_id').where('document_id', '=', id).forUpdate().execute(), call, collect));
    await stage.world.db.q.insertInto('documents').values(row!).execute();
  }
  expect(errors).toEqual(['WALLPAPER_INVALID', 'WALLPAPER_INVALID', 'WALLPAPER_INVALID']);
});

it('a wallpaper that an operator has blocked is neither saved nor set for a chat, also by the message about it', async () => {
  const { wallpapers, chatWallpapers } = stage.world.domain;
  const setFor = async (input: { wallpaper: tl.InputWallPaper } | { msgId: number }) =>
    chatWallpapers.doSet(await stage.peerOf(bob), { ownerId: alice, origin: ORIGIN }, { wallpaper: undefined, msgId: undefined, settings: undefined, forBoth: false, ...input });
  const made = await uploadWallpaper(alice);
  const { msg_id: msgId } = (await setFor({ wallpaper: inputOf(made) }))!;
  await setFor({ wallpaper: inputOf(await uploadWallpaper(alice)) });
  await stage.world.db.transact('block', async (tx) => saveBlobBlock(tx, (await findBlobOfDocument(tx, made.document.id))!, stage.world.clock.now()));
  const errors: string[] = [];
  for (const call of [() => wallpapers.doSave(bob, inputOf(made), PLAIN), () => setFor({ wallpaper: inputOf(made) }), () => setFor({ msgId })]) errors.push(await errorOf(call()));
  expect(errors).toEqual(['WALLPAPER_INVALID', 'WALLPAPER_INVALID', 'WALLPAPER_INVALID']);
});

it('nothing is set for a chat with a deleted account, whose box stays empty', async () => {
  const { auth, chatWallpapers, ttl, protection } = stage.world.domain;
  const { userId: gone, key } = await stage.world.signUp('9996630001', 'Carol');
  await auth.doDeleteAccount(proverOf(key), undefined);
  await stage.world.runJobs();
  const peer = await stage.peerOf(gone);
  const change = { ownerId: alice, origin: ORIGIN };
  const fill = { wallpaper: { _: 'inputWallPaperNoFile', id: 0n }, settings: { ...PLAIN, background_color: 5 }, msgId: undefined, forBoth: true } as const;
  const calls = [() => chatWallpapers.doSet(peer, change, fill), () => ttl.doSet(peer, { ...change, period: DAY_S }), () => protection.doToggle(peer, { ...change, enabled: true, requestId: undefined })];
  for (const call of calls) expect(await errorOf(call())).toBe('INPUT_USER_DEACTIVATED');
  expect(await stage.world.db.q.selectFrom('messages').select('msg_id').where('owner_id', '=', gone).execute()).toEqual([]);
  expect(await stage.world.db.q.selectFrom('chat_wallpapers').select('peer_id').where('owner_id', '=', gone).execute()).toEqual([]);
});

it('a hundred wallpapers are found with two queries, each by its own access hash', async () => {
  const { domain, db } = stage.world;
  const made = [await uploadWallpaper(alice), await uploadWallpaper(alice), await uploadWallpaper(bob)];
  const inputs = Array.from({ length: 100 }, (_, n): tl.InputWallPaper => (n % 2 === 0 ? inputOf(made[n % 3]!) : { _: 'inputWallPaperSlug', slug: made[n % 3]!.slug }));
  const run = vi.spyOn(db, 'run');
  const found = await domain.wallpapers.find(bob, inputs);
  const queries = run.mock.calls.map(([statement]) => statement.name);
  run.mockRestore();
  expect(found.map(({ id }) => id)).toEqual(inputs.map((_, n) => made[n % 3]!.id));
  expect(queries.filter((name) => name.includes('wallpaper') || name.includes('document'))).toHaveLength(2);
  const { id, access_hash: hash } = made[0]!;
  const wrong: tl.inputWallPaper = { _: 'inputWallPaper', id, access_hash: hash + 1n };
  await expect(domain.wallpapers.find(bob, [inputOf(made[0]!), wrong])).rejects.toMatchObject({ text: 'WALLPAPER_INVALID' });
});

it('a call that is repeated does not process the picture again, whether it was refused or became a wallpaper', async () => {
  const { wallpapers } = stage.world.domain;
  const upload = async () => ({ file: await uploadPicture(alice), mimeType: 'image/jpeg', settings: PLAIN });
  const good = await upload();
  const before = made;
  const slugs: string[] = [];
  for (let n = 0; n < 5; n++) slugs.push((await wallpapers.doUpload(alice, good)).slug);
  expect([new Set(slugs).size, made - before]).toEqual([1, 1]);
  // Still one after it was saved.
  await wallpapers.doSave(alice, { _: 'inputWallPaperSlug', slug: slugs[0]! }, PLAIN);
  expect((await wallpapers.doUpload(alice, good)).slug).toBe(slugs[0]);

  const bad = await upload();
  isRefusing = true;
  try {
    for (let n = 0; n < 5; n++) expect(await errorOf(wallpapers.doUpload(alice, bad))).toBe('WALLPAPER_FILE_INVALID');
  } finally {
    isRefusing = false;
  }
  expect(made - before).toBe(2);
});

it('a pattern is looked into by the photo lane only, and once, whether it was refused or became a wallpaper', async () => {
  const { wallpapers } = stage.world.domain;
  // No SVG file: whoever reads it elsewhere refuses it.
  const upload = async () => ({ file: await uploadPicture(alice), mimeType: 'application/x-tgwallpattern', settings: PLAIN });
  const [good, bad] = [await upload(), await upload()];
  const before = made;
  for (let n = 0; n < 5; n++) expect((await wallpapers.doUpload(alice, good)).document).toMatchObject({ attributes: [{ _: 'documentAttributeImageSize', w: 11, h: 12 }] });
  expect(made - before).toBe(1);
  isRefusing = true;
  try {
    for (let n = 0; n < 5; n++) expect(await errorOf(wallpapers.doUpload(alice, bad))).toBe('WALLPAPER_FILE_INVALID');
  } finally {
    isRefusing = false;
  }
  expect(made - before).toBe(2);
});

it('a row that is younger than a day stays although it has no file, because the call that makes both may be under way', async () => {
  const { db, clock } = stage.world;
  const row = { wallpaper_id: 4711n, slug: 'young', creator_id: alice, document_id: 4712n, is_pattern: false, settings: null, created_date: clock.now() };
  await db.q.insertInto('wallpapers').values(row).execute();
  await stage.runJob('sweep-wallpapers');
  expect(await listRows()).toContain(4711n);
  await clock.advance((DAY_S + 1) * 1000);
  await stage.runJob('sweep-wallpapers');
  expect(await listRows()).not.toContain(4711n);
});

it('an upload that is finished twice, because an answer was lost, is one wallpaper, one photo of a contact, and one suggestion', async () => {
  const { wallpapers, contactPhotos, contacts, users } = stage.world.domain;
  const upload = { file: await uploadPicture(alice), mimeType: 'image/jpeg', settings: PLAIN };
  expect((await wallpapers.doUpload(alice, upload)).slug).toBe((await wallpapers.doUpload(alice, upload)).slug);

  const pair = { ownerId: alice, userId: bob };
  await contacts.doAddContact(alice, (await users.findRow(bob))!, { first_name: 'Bob', last_name: '', phone: '' });
  const countDocuments = async (): Promise<number> => (await stage.world.db.q.selectFrom('documents').select('document_id').where('uploader_id', '=', alice).execute()).length;
  const countNotices = async (): Promise<number> => (await stage.world.db.q.selectFrom('messages').select('msg_id').where('owner_id', '=', bob).where('from_id', '=', alice).execute()).length;
  const photo = { file: await uploadPicture(alice) };
  const set = await contactPhotos.doSet(pair, photo, ORIGIN);
  expect((await contactPhotos.doSet(pair, photo, ORIGIN)).id).toBe(set.id);

  const [documents, notices] = [await countDocuments(), await countNotices()];
  const suggestion = { file: await uploadPicture(alice) };
  const suggested = await contactPhotos.doSuggest(pair, suggestion);
  expect((await contactPhotos.doSuggest(pair, suggestion)).id).toBe(suggested.id);
  expect([await countNotices(), await countDocuments()]).toEqual([notices + 1, documents + 1]);
  // Another upload is another suggestion.
  await contactPhotos.doSuggest(pair, { file: await uploadPicture(alice) });
  expect(await countNotices()).toBe(notices + 2);
});

it('a call that deletes the current photo deletes one photo, although it comes twice', async () => {
  const { profilePhotos } = stage.world.domain;
  const [first, second, third] = [await profilePhotos.doUpload(ownProfile(bob), { file: await uploadPicture(bob) }), await profilePhotos.doUpload(ownProfile(bob), { file: await uploadPicture(bob) }), await profilePhotos.doUpload(ownProfile(bob), { file: await uploadPicture(bob) })];
  const list = async (): Promise<bigint[]> => (await profilePhotos.list(bob, bob, { offset: 0, maxId: 0n, limit: 10 })).photos.map(({ id }) => id);
  expect(await list()).toEqual([third.id, second.id, first.id]);
  await profilePhotos.doDeleteCurrent(ownProfile(bob), 77n);
  await profilePhotos.doDeleteCurrent(ownProfile(bob), 77n);
  expect(await list()).toEqual([second.id, first.id]);
  await profilePhotos.doDeleteCurrent(ownProfile(bob), 78n);
  expect(await list()).toEqual([first.id]);
});
