import { randomBytes } from 'node:crypto';

import { fileIdentity, hashBlocks } from '@aerogram/blob';
import { sql } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { doChangeDefaultSets, doListSet, listDefaultSets, saveBlobBlock } from '../../src/index.ts';
import { listDocumentsOfSet } from '../../src/sticker-sets/index.ts';
import type { PhotoMaker } from './accounts-world.ts';
import { createFileStage, type FileStage } from './file-stage.ts';
import { proverOf } from './password-client.ts';

const WEEK_S = 7 * 86_400;
const PNG = Buffer.from('89504e470d0a1a0a', 'hex');

/** Makes stickers that are the reversed bytes of the upload. */
const photos: PhotoMaker = {
  async make(_account, _use, read) {
    const bytes = Uint8Array.from(await read()).reverse();
    const size = { type: 'm', width: 128, height: 128, bytes: bytes.subarray(0, 50), prefixes: [] };
    return { outcome: 'made', source: { width: 512, height: 512 }, sticker: { bytes, width: 512, height: 512 }, photo: { sizes: [size], stripped: new Uint8Array() } };
  },
};

describe('sets that people make', () => {
  let stage: FileStage;
  let alice: bigint;
  let key: Uint8Array;
  beforeAll(async () => {
    stage = await createFileStage({}, { photos });
  });
  afterAll(() => stage[Symbol.asyncDispose]());
  let phone = 9_996_650_000;
  beforeEach(async () => {
    const signed = await stage.world.signUp(String(++phone), 'Alice');
    alice = signed.userId;
    key = signed.key as never;
  });

  const changes = (): FileStage['world']['domain']['stickerSets']['changes'] => stage.world.domain.stickerSets.changes;
  let names = 0;
  const newName = (): string => `set_${names++}`;

  /** A picture that somebody has uploaded, as a client names it for a set. */
  async function item(bytes: Buffer = randomBytes(500), userId = alice): Promise<tl.inputStickerSetItem> {
    const fileId = stage.nextId() + 50_000n;
    await stage.world.domain.files.doSavePart({ userId, fileId, part: 0, totalParts: undefined }, Buffer.concat([PNG, bytes]));
    const input: tl.inputMediaUploadedDocument = { _: 'inputMediaUploadedDocument', file: { _: 'inputFile', id: fileId, parts: 1, name: 'a', md5_checksum: '' }, mime_type: 'image/png', attributes: [], force_file: true };
    const { id, access_hash, file_reference } = (await stage.world.domain.files.doUploadMedia(userId, input)).document as tl.document;
    return { _: 'inputStickerSetItem', document: { _: 'inputDocument', id, access_hash, file_reference }, emoji: '🐙' };
  }
  const create = async (shortName: string, items: readonly tl.inputStickerSetItem[]) =>
    changes().doCreate({ makerId: alice, origin: undefined }, { creatorId: alice, kind: 'stickers', textColor: false, title: 'Sea', shortName, thumb: undefined, items });
  const named = (short_name: string): tl.inputStickerSetShortName => ({ _: 'inputStickerSetShortName', short_name });
  const placesOf = async (setId: bigint): Promise<(number | null)[]> => (await stage.world.db.q.selectFrom('sticker_documents').select('position').where('set_id', '=', setId).orderBy('position').execute()).map(({ position }) => position);
  const refusal = (text: string) => expect.objectContaining({ text }) as Error;

  async function collectAfter(seconds: number): Promise<void> {
    for (const wait of [0, seconds]) {
      await stage.world.clock.advance(wait * 1000);
      for (const kind of ['collect-files', 'collect-stray-blobs']) await stage.runJob(kind);
    }
  }
  const filesOf = async (owner: bigint): Promise<number> => (await sql<{ n: number }>`SELECT count(*)::int AS n FROM documents WHERE uploader_id = ${owner}`.execute(stage.world.db.q)).rows[0]!.n;

  it('keep their files, also of stickers that have left them, until the account is deleted', async () => {
    const name = newName();
    const { documents } = await create(name, [await item(), await item()]);
    await changes().doRemove(alice, { _: 'inputDocument', id: documents[0]!.id, access_hash: stage.world.domain.accessHashes.of('document', 0n, documents[0]!.id), file_reference: new Uint8Array() });
    await changes().doDelete(alice, named(name));
    await collectAfter(2 * WEEK_S);
    // Two stickers with their thumbnails; the uploads are gone.
    expect(await filesOf(alice)).toBe(4);
    await stage.world.domain.auth.doDeleteAccount(proverOf(key as never), undefined);
    await stage.world.runJobs('repeat');
    await collectAfter(2 * WEEK_S);
    expect(await filesOf(alice)).toBe(0);
    expect(await stage.world.db.q.selectFrom('sticker_documents').selectAll().where('creator_id', '=', alice).execute()).toEqual([]);
  });

  it('go with the account, and their names are free after a while', async () => {
    const name = newName();
    await create(name, [await item()]);
    await stage.world.domain.auth.doDeleteAccount(proverOf(key as never), undefined);
    await stage.world.runJobs('repeat');
    await expect(changes().checkName(alice, name)).rejects.toThrow(refusal('SHORT_NAME_OCCUPIED'));
    await stage.world.db.q.updateTable('left_set_names').set({ free_date: stage.world.clock.now() }).where('name_key', '=', name.toLowerCase()).execute();
    await expect(changes().checkName(alice, name)).resolves.toBeUndefined();
  });

  it('leave their names to who had them, so that nobody else gets the links to them at once', async () => {
    const [name, wanted] = [newName(), await item()];
    await create(name, [wanted]);
    await changes().doDelete(alice, named(name));
    const other = (await stage.world.signUp(String(++phone), 'Bob')).userId;
    await expect(changes().checkName(other, name.toUpperCase())).rejects.toThrow(refusal('SHORT_NAME_OCCUPIED'));
    await expect(changes().suggestName(other, name)).resolves.not.toBe(name.toLowerCase());
    const take = changes().doCreate({ makerId: alice, origin: undefined }, { creatorId: other, kind: 'stickers', textColor: false, title: 'Sea', shortName: name, thumb: undefined, items: [wanted] });
    await expect(take).rejects.toThrow(refusal('PACK_SHORT_NAME_OCCUPIED'));
    await expect(changes().checkName(alice, name)).resolves.toBeUndefined();
    await expect(create(name, [wanted])).resolves.toMatchObject({ count: 1 });
  });

  it('are found by everybody in a search if the operator says so, until the operator takes that back', async () => {
    const { stickerSets } = stage.world.domain;
    const other = (await stage.world.signUp(String(++phone), 'Bob')).userId;
    const set = await changes().doCreate({ makerId: alice, origin: undefined }, { creatorId: alice, kind: 'stickers', textColor: false, title: 'Quokkas', shortName: newName(), thumb: undefined, items: [await item()] });
    const search = async (): Promise<string[]> => (await stickerSets.findSets(other, 'stickers', 'quokka')).map(({ title }) => title);
    expect(await search()).toEqual([]);
    await doListSet(stage.world.db, set, { isListed: true, nowDate: stage.world.clock.now() });
    expect(await search()).toEqual(['Quokkas']);
    await doListSet(stage.world.db, set, { isListed: false, nowDate: stage.world.clock.now() });
    expect(await search()).toEqual([]);
  });

  it('and those of the server are on the list of all who have not changed theirs, if the operator says so', async () => {
    const { stickerSets } = stage.world.domain;
    const other = (await stage.world.signUp(String(++phone), 'Bob')).userId;
    const list = async (userId = other): Promise<string[]> => (await stickerSets.installed.list(userId, 'stickers')).map(({ set }) => set.shortName);
    const name = newName();
    await create(name, [await item()]);
    const before = await list();
    const change = (isAdded: boolean): Promise<unknown> => doChangeDefaultSets(stage.world.db, { name, isAdded, nowDate: stage.world.clock.now() });
    await change(true);
    expect(await list()).toEqual([...before, name]);
    // Alice has a list of her own since she has made a set.
    expect(await list(alice)).toEqual([name, ...before]);
    expect(await listDefaultSets(stage.world.db)).toMatchObject({ stickers: [...before, name] });
    await change(false);
    expect(await list()).toEqual(before);
    expect(await doChangeDefaultSets(stage.world.db, { name: 'nobody', isAdded: true, nowDate: 1 })).toBeUndefined();
  });

  it('leave nothing behind of a call that fails at its last file', async () => {
    const [first, second] = [await item(), await item()];
    const before = await filesOf(alice);
    const bad = { ...second, document: { ...second.document, id: 5n } as tl.inputDocument };
    await expect(create(newName(), [first, bad])).rejects.toThrow();
    await stage.runJob('collect-files');
    expect(await filesOf(alice)).toBe(before);
    await expect(create(newName(), [first, second])).resolves.toMatchObject({ count: 2 });
  });

  it('do not show what has left them any more to those who only know its id', async () => {
    const { id: setId, documents } = await create(newName(), [await item(), await item()]);
    const [gone] = documents;
    await changes().doRemove(alice, { _: 'inputDocument', id: gone!.id, access_hash: stage.world.domain.accessHashes.of('document', 0n, gone!.id), file_reference: new Uint8Array() });
    expect(await listDocumentsOfSet(stage.world.db, setId, documents.map(({ id }) => id))).toEqual([documents[1]!.id]);
  });

  it('are made once, if two devices do it at once, and what two devices change at once stays in order', async () => {
    const name = newName();
    const [one, two] = [await item(), await item()];
    const made = await Promise.allSettled([create(name, [one]), create(name, [two])]);
    expect(made.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    const [set] = made.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    const more = [await item(), await item(), await item()];
    await Promise.all(more.map((next) => changes().doAdd(alice, named(name), next)));
    expect(await placesOf(set!.id)).toEqual([0, 1, 2, 3]);
    const { documents } = await changes().doAdd(alice, named(name), await item());
    const inputs = documents.map(({ id }): tl.inputDocument => ({ _: 'inputDocument', id, access_hash: stage.world.domain.accessHashes.of('document', 0n, id), file_reference: new Uint8Array() }));
    await Promise.all([changes().doMove(alice, inputs[0]!, 4), changes().doMove(alice, inputs[1]!, 2), changes().doRemove(alice, inputs[2]!)]);
    expect(await placesOf(set!.id)).toEqual([0, 1, 2, 3, null]);
  });

  it('get a sticker once and are made once, if a call is repeated at once or after others', async () => {
    const [name, wanted, later] = [newName(), await item(), await item()];
    const [first, again] = await Promise.all([create(name, [wanted]), create(name, [wanted])]);
    expect(again.id).toBe(first.id);
    await Promise.all([changes().doAdd(alice, named(name), later), changes().doAdd(alice, named(name), later)]);
    await changes().doAdd(alice, named(name), await item());
    await changes().doAdd(alice, named(name), later);
    expect(await placesOf(first.id)).toEqual([0, 1, 2]);
    const input: tl.inputDocument = { _: 'inputDocument', id: first.documents[0]!.id, access_hash: stage.world.domain.accessHashes.of('document', 0n, first.documents[0]!.id), file_reference: new Uint8Array() };
    const other = await item();
    const replaced = await changes().doReplace(alice, input, other);
    expect((await changes().doReplace(alice, input, other)).made.version).toBe(replaced.made.version);
    expect((await changes().doRename(alice, named(name), ' Sea ')).made.version).toBe(replaced.made.version);
  });

  it('belong to people who are there', async () => {
    const [items, kind] = [[await item()], 'stickers' as const];
    const make = (creatorId: bigint): Promise<unknown> => changes().doCreate({ makerId: alice, origin: undefined }, { creatorId, kind, textColor: false, title: 'Sea', shortName: newName(), thumb: undefined, items });
    await expect(make(alice + 1_000_000n)).rejects.toThrow(refusal('USER_ID_INVALID'));
  });

  it('take nothing that an operator has blocked', async () => {
    const bytes = randomBytes(500);
    const sticker = Buffer.from(Uint8Array.from(Buffer.concat([PNG, bytes])).reverse());
    const wanted = await item(bytes);
    await stage.world.db.transact('block', (tx) => saveBlobBlock(tx, fileIdentity(sticker.length, hashBlocks(sticker)), stage.world.clock.now()));
    const name = newName();
    await expect(create(name, [wanted])).rejects.toThrow(refusal('MEDIA_INVALID'));
    await expect(changes().checkName(alice, name)).resolves.toBeUndefined();
  });

  it('have a limit for what somebody makes in a day', async () => {
    const name = newName();
    const set = await create(name, [await item()]);
    await sql`INSERT INTO sticker_documents (document_id, set_id, kind, creator_id, maker_id, source_id, size, emoji, emoji_keys, keywords, added_date)
      SELECT n, 1, 0, ${alice}, ${alice}, 0, 100, '{}', '{}', '{}', ${stage.world.clock.now()} FROM generate_series(1, 499) n`.execute(stage.world.db.q);
    await expect(changes().doAdd(alice, named(name), await item())).rejects.toThrow(refusal('STICKERS_TOO_MUCH'));
    expect(await placesOf(set.id)).toEqual([0]);
    await stage.world.clock.advance(86_401_000);
    expect((await changes().doAdd(alice, named(name), await item())).documents).toHaveLength(2);
  });
});
