import { randomBytes } from 'node:crypto';

import { BlobStoreUnavailable, DirectoryStore } from '@aerogram/blob';
import { sql } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';

import { confirmStrays, findStrayDoubt, type MessageRow } from '../../src/index.ts';
import { dropKept, keepFirst } from '../../src/collections/kept-store.ts';
import type { World } from './accounts-world.ts';
import { createFileStage, type FileStage, ORIGIN } from './file-stage.ts';
import { proverOf } from './password-client.ts';

const WEEK_S = 7 * 86_400;

/** A database that answers each query with one row. */
const answering = (row: object) => () => Promise.resolve({ rows: [row], count: 1 }) as never;

describe('the collection of files', () => {
  let world: World;
  let alice: bigint;
  let bob: bigint;
  let stage: FileStage;
  beforeAll(async () => {
    stage = await createFileStage();
    world = stage.world;
  });
  afterEach(() => vi.restoreAllMocks());
  afterAll(() => stage[Symbol.asyncDispose]());
  beforeEach(async () => {
    alice = await stage.signUp('Alice');
    bob = await stage.signUp('Bob');
  });

  const upload = (userId: bigint, bytes: Uint8Array): Promise<tl.messageMediaDocument> => stage.upload(userId, bytes);
  const send = (from: bigint, to: bigint, media: tl.MessageMedia): Promise<MessageRow> => stage.send(from, to, media);
  const collect = async (): Promise<void> => {
    for (const kind of ['collect-files', 'collect-stray-blobs']) await stage.runJob(kind);
  };

  /** Collects, and collects again after a time. */
  async function collectAfter(seconds: number): Promise<void> {
    await collect();
    await world.clock.advance(seconds * 1000);
    await collect();
  }

  /** The numbers of documents, rows of blobs and blobs in the store. */
  async function count(): Promise<number[]> {
    const { rows } = await sql<{ documents: number; blobs: number }>`SELECT (SELECT count(*)::int FROM documents) AS documents, (SELECT count(*)::int FROM blobs) AS blobs`.execute(world.db.q);
    return [rows[0]!.documents, rows[0]!.blobs, (await world.files.store.list({ limit: 1000 })).length];
  }

  it('keeps a file as long as it is in a list of its owner, and a week longer', async () => {
    const { document } = await upload(alice, randomBytes(1000));
    const gifs = { ownerId: alice, list: 1 };
    await world.db.transact('test', (tx) => keepFirst(tx, gifs, document!.id));
    // Its thumbnail is a row of its own.
    await sql`INSERT INTO documents SELECT (document_id # 4611686018427387904), identity, uploader_id, body, created_date, body_hash FROM documents`.execute(world.db.q);
    await sql`INSERT INTO file_releases (document_id) SELECT document_id FROM documents`.execute(world.db.q);
    await collectAfter(2 * WEEK_S);
    expect(await count()).toEqual([2, 1, 1]);
    await world.db.transact('test', (tx) => dropKept(tx, gifs, [document!.id]));
    await collectAfter(WEEK_S - 600);
    expect(await count()).toEqual([2, 1, 1]);
    await collectAfter(WEEK_S);
    expect(await count()).toEqual([0, 0, 0]);
  });

  it('keeps a file as long as one copy of a message has it, and a week longer', async () => {
    const row = await send(alice, bob, await upload(alice, randomBytes(1000)));
    await collectAfter(2 * WEEK_S);
    expect(await count()).toEqual([1, 1, 1]);
    await world.domain.messages.doDelete({ ownerId: alice, msgIds: [row.msg_id], revoke: false, origin: ORIGIN });
    await collectAfter(2 * WEEK_S);
    expect(await count()).toEqual([1, 1, 1]);
    await world.domain.messages.doDelete({ ownerId: bob, msgIds: [1], revoke: false, origin: ORIGIN });
    await collectAfter(WEEK_S - 60);
    expect(await count()).toEqual([1, 1, 1]);
    await collectAfter(120);
    expect(await count()).toEqual([0, 0, 0]);
  });

  it('keeps the blob of equal files until the last document is gone', async () => {
    const bytes = randomBytes(1000);
    const first = await send(alice, bob, await upload(alice, bytes));
    await send(bob, alice, await upload(bob, bytes));
    expect(await count()).toEqual([2, 1, 1]);
    await world.domain.messages.doDelete({ ownerId: alice, msgIds: [first.msg_id], revoke: true, origin: ORIGIN });
    await collectAfter(WEEK_S + 60);
    expect(await count()).toEqual([1, 1, 1]);
    await world.domain.messages.doDelete({ ownerId: alice, msgIds: [first.msg_id + 1], revoke: true, origin: ORIGIN });
    await collectAfter(WEEK_S + 60);
    expect(await count()).toEqual([0, 0, 0]);
  });

  it('deletes what was uploaded and never sent', async () => {
    await upload(alice, randomBytes(1000));
    await collectAfter(WEEK_S - 60);
    expect(await count()).toEqual([1, 1, 1]);
    await collectAfter(120);
    expect(await count()).toEqual([0, 0, 0]);
  });

  it('keeps a file that was sent again after its first message was deleted', async () => {
    const media = await upload(alice, randomBytes(1000));
    const row = await send(alice, bob, media);
    await world.domain.messages.doDelete({ ownerId: alice, msgIds: [row.msg_id], revoke: true, origin: ORIGIN });
    await collectAfter(WEEK_S - 60);
    const again = await send(alice, bob, media);
    await collectAfter(WEEK_S);
    expect(await count()).toEqual([1, 1, 1]);
    await world.domain.messages.doDelete({ ownerId: alice, msgIds: [again.msg_id], revoke: true, origin: ORIGIN });
    await collectAfter(WEEK_S + 60);
    expect(await count()).toEqual([0, 0, 0]);
  });

  it('lets the files of a deleted account and of a deleted channel go', async () => {
    const { key, userId: carol } = await world.signUp('9996619999', 'Carol');
    await send(carol, carol, await upload(carol, randomBytes(1000)));
    const { first } = await world.domain.channels.doCreate({ creatorId: alice, kind: 'megagroup', title: 'A channel', about: '', ttlPeriod: 0, randomId: stage.nextId(), origin: ORIGIN });
    const channelId = -first.owner_id - 10n ** 12n;
    const parts = [{ randomId: stage.nextId(), text: '', flags: 0, extra: { media: await upload(alice, randomBytes(1000)) } }];
    await world.domain.channels.at(channelId).posts.doSend({ actorId: alice, origin: ORIGIN, parts, reply: undefined, signature: '' });
    await collectAfter(2 * WEEK_S);
    expect(await count()).toEqual([2, 2, 2]);
    await world.domain.auth.doDeleteAccount(proverOf(key), undefined);
    await world.domain.channels.at(channelId).settings.doDelete({ actorId: alice, origin: ORIGIN });
    await world.runJobs('repeat');
    await collectAfter(WEEK_S + 60);
    expect(await count()).toEqual([0, 0, 0]);
  });

  it('deletes blobs in the store that have no row, two days after it first saw them', async () => {
    await world.files.store.put('00112233445566778899', 3, (async function* () { yield Buffer.from('abc'); })());
    await collectAfter(86_400);
    expect(await count()).toEqual([0, 0, 1]);
    await collectAfter(86_460);
    expect(await count()).toEqual([0, 0, 0]);
  });

  it('deletes nothing from a store that belongs to another server', async () => {
    const { store } = world.files;
    await collect();
    const ours = (await store.findOwner())!;
    const theirs = 'ab'.repeat(16);
    await store.put(theirs, 3, (async function* () { yield Buffer.from('abc'); })());
    await upload(alice, randomBytes(1000));
    await store.setOwner('another server', { replaces: true });
    await collectAfter(WEEK_S + 60);
    await collectAfter(2 * 86_400 + 60);
    expect(await count()).toEqual([1, 1, 2]);
    // What was written there would be a leftover for its owner.
    await expect(upload(alice, randomBytes(1000))).rejects.toThrow('another server');
    expect(await count()).toEqual([1, 1, 2]);
    await store.setOwner(ours, { replaces: true });
    await collectAfter(2 * 86_400 + 60);
    expect(await count()).toEqual([0, 0, 0]);
  });

  it('keeps many blobs that the database has never known until an operator confirms it, and deletes its own leftovers', async () => {
    const { store } = world.files;
    const left = vi.spyOn(store, 'adopt').mockImplementationOnce(async (...args) => {
      await DirectoryStore.prototype.adopt.apply(store, args);
      throw new BlobStoreUnavailable('the answer was lost');
    });
    await expect(upload(alice, randomBytes(1000))).rejects.toMatchObject({ name: 'FilesUnavailable' });
    const leftover = left.mock.calls[0]![1];
    const unknown = Array.from({ length: 101 }, (_, n) => `ffff${String(n).padStart(28, '0')}`);
    for (const name of unknown) await store.put(name, 3, (async function* () { yield Buffer.from('abc'); })());
    await collectAfter(3 * 86_400);
    expect(await findStrayDoubt(world.db)).toEqual({ strays: 101, blobs: 0 });
    expect(await store.stat(leftover)).toBeUndefined();
    expect((await count())[2]).toBe(101);
    // An operator who looks at it when there are more has not confirmed those that come later.
    await world.db.transact('test', (tx) => confirmStrays(tx, world.clock.now()));
    expect(await findStrayDoubt(world.db)).toBeUndefined();
    await collect();
    expect((await count())[2]).toBe(0);
    await world.clock.advance(1000);
    for (const name of unknown) await store.put(name, 3, (async function* () { yield Buffer.from('abc'); })());
    await collectAfter(3 * 86_400);
    expect((await count())[2]).toBe(101);
    // What was confirmed goes, although there is a new doubt meanwhile.
    await world.db.transact('test', (tx) => confirmStrays(tx, world.clock.now()));
    await world.clock.advance(1000);
    const later = unknown.map((name) => name.replace('ffff', 'eeee'));
    for (const name of later) await store.put(name, 3, (async function* () { yield Buffer.from('abc'); })());
    await collect();
    expect((await count())[2]).toBe(101);
    expect(await store.stat(unknown[0]!)).toBeUndefined();
    for (const name of later) await store.remove(name);
    await world.db.transact('test', (tx) => confirmStrays(tx, world.clock.now()));
    await collect();
  });

  it('deletes a hundred leftovers without asking, and a few among many', async () => {
    expect(await findStrayDoubt({ run: answering({ strays: 100n, blobs: 0n }) })).toBeUndefined();
    expect(await findStrayDoubt({ run: answering({ strays: 101n, blobs: 403n }) })).toEqual({ strays: 101, blobs: 403 });
    expect(await findStrayDoubt({ run: answering({ strays: 101n, blobs: 404n }) })).toBeUndefined();
  });

  it('a blob is never deleted as a stray when its row is added at the same time', async () => {
    const { store } = world.files;
    const bytes = randomBytes(1000);
    const adopt = vi.spyOn(store, 'adopt').mockImplementationOnce(async (...args) => {
      await DirectoryStore.prototype.adopt.apply(store, args);
      // The upload stops here for days, between the store and the row.
      await collectAfter(3 * 86_400);
    });
    await expect(upload(alice, bytes)).rejects.toMatchObject({ name: 'FilesUnavailable' });
    expect(adopt).toHaveBeenCalled();
    vi.restoreAllMocks();
    expect(await count()).toEqual([0, 0, 0]);
    // The client repeats the call.
    await world.domain.files.doPrepareMedia(alice, stage.lastUploaded());
    const { name } = await world.db.q.selectFrom('blobs').select('name').executeTakeFirstOrThrow();
    expect(await store.stat(name)).toEqual({ size: 1000 });
    await collectAfter(3 * 86_400);
    expect(await store.stat(name)).toEqual({ size: 1000 });
  });

  it('no row is added for a blob that is just being deleted as a stray', async () => {
    const { store } = world.files;
    const adopt = vi.spyOn(store, 'adopt').mockImplementationOnce(async (...args) => {
      await DirectoryStore.prototype.adopt.apply(store, args);
      throw new BlobStoreUnavailable('the answer was lost');
    });
    await expect(upload(alice, randomBytes(1000))).rejects.toMatchObject({ name: 'FilesUnavailable' });
    expect(adopt).toHaveBeenCalled();
    const finish = (): Promise<unknown> => world.domain.files.doPrepareMedia(alice, stage.lastUploaded());
    let refused: unknown;
    vi.spyOn(store, 'remove').mockImplementationOnce(async (name) => {
      // The client repeats its call when the deletion has been decided and not yet done.
      refused = await finish().catch((error: unknown) => error);
      await DirectoryStore.prototype.remove.call(store, name);
    });
    await collectAfter(2 * 86_400 + 60);
    expect(refused).toMatchObject({ name: 'FilesUnavailable' });
    await finish();
    const { name } = await world.db.q.selectFrom('blobs').select('name').executeTakeFirstOrThrow();
    expect(await store.stat(name)).toEqual({ size: 1000 });
  });

  it('a document made while its blob is being collected keeps the blob or gets a new one', async () => {
    const bytes = randomBytes(1000);
    await upload(alice, bytes);
    await collect();
    await world.clock.advance((WEEK_S + 60) * 1000);
    const [media] = await Promise.all([upload(bob, bytes), collect()]);
    await send(bob, alice, media);
    await collect();
    const [documents, blobs, stored] = await count();
    expect([documents, blobs]).toEqual([1, 1]);
    expect(stored).toBeGreaterThanOrEqual(1);
    const { name } = await world.db.q.selectFrom('blobs').select('name').executeTakeFirstOrThrow();
    expect(await world.files.store.stat(name)).toEqual({ size: 1000 });
  });

  it('an upload whose answer was lost is used again for a day', async () => {
    const { files } = world.domain;
    await upload(alice, randomBytes(1000));
    expect(await files.doPrepareMedia(alice, stage.lastUploaded())).toMatchObject({ document: { size: 1000n } });
    await expect(files.doPrepareMedia(bob, stage.lastUploaded())).rejects.toMatchObject({ text: 'FILE_PART_0_MISSING' });
    await collectAfter(86_400 + 60);
    await expect(files.doPrepareMedia(alice, stage.lastUploaded())).rejects.toMatchObject({ text: 'FILE_PART_0_MISSING' });
  });
});
