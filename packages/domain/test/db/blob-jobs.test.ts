import { randomBytes } from 'node:crypto';

import { BlobStoreUnavailable, MasterKeys, wrappingKeyId } from '@aerogram/blob';
import type { tl } from '@aerogram/tl';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { countFiles, type FaultyBlob, findFaultyBlobs } from '../../src/index.ts';
import type { World } from './accounts-world.ts';
import { createFileStage, type FileStage } from './file-stage.ts';

const MONTH_S = 30 * 86_400;

describe('stored files', () => {
  let world: World;
  let stage: FileStage;
  let alice: bigint;
  let bob: bigint;
  beforeAll(async () => {
    stage = await createFileStage();
    world = stage.world;
    alice = await stage.signUp('Alice');
    bob = await stage.signUp('Bob');
  });
  afterAll(() => stage[Symbol.asyncDispose]());
  beforeEach(async () => {
    for (const { name } of await world.files.store.list({ limit: 1000 })) await world.files.store.remove(name);
    await world.db.q.deleteFrom('message_files').execute();
    await world.db.q.deleteFrom('documents').execute();
    await world.db.q.deleteFrom('blobs').execute();
  });

  /** Sends a file from Alice to Bob. @returns the name of its blob, and the document */
  async function sendFile(bytes: Uint8Array): Promise<{ name: string; document: tl.document }> {
    const before = new Set((await world.files.store.list({ limit: 1000 })).map(({ name }) => name));
    const media = await stage.upload(alice, bytes);
    await stage.send(alice, bob, media);
    const added = (await world.files.store.list({ limit: 1000 })).find(({ name }) => !before.has(name));
    return { name: added!.name, document: media.document as tl.document };
  }

  async function faultsOf(readsContent: boolean): Promise<FaultyBlob[]> {
    const { store, keys } = world.files;
    const found: FaultyBlob[] = [];
    for await (const blob of findFaultyBlobs({ db: world.db, store, keys }, { readsContent, nowDate: world.clock.now() })) found.push(blob);
    return found;
  }

  /** Puts other bytes in the place of a blob. */
  async function overwrite(name: string, bytes: Uint8Array): Promise<void> {
    await world.files.store.remove(name);
    await world.files.store.put(name, bytes.length, (async function* () { yield bytes; })());
  }

  it('are found missing, cut off or changed, with the number of messages that have them', async () => {
    const [missing, cut, changed] = [await sendFile(randomBytes(1000)), await sendFile(randomBytes(2000)), await sendFile(randomBytes(3000))];
    await sendFile(randomBytes(4000));
    expect(await faultsOf(true)).toEqual([]);
    await world.files.store.remove(missing.name);
    await overwrite(cut.name, randomBytes(1999));
    await overwrite(changed.name, randomBytes(3000));
    const byName = (faults: FaultyBlob[]) => new Map(faults.map(({ name, fault, messages }) => [name, [fault, messages]]));
    expect(byName(await faultsOf(false))).toEqual(new Map([[missing.name, ['missing', 2]], [cut.name, ['1999 bytes long', 2]]]));
    expect(byName(await faultsOf(true))).toEqual(new Map([[missing.name, ['missing', 2]], [cut.name, ['1999 bytes long', 2]], [changed.name, ['damaged in block 0', 2]]]));
    expect(await countFiles(world.db)).toMatchObject({ blobs: 4, bytes: 10_000, documents: 4, references: 8, faults: 3 });
  });

  it('are read once a month by a job, which notes what is wrong', async () => {
    const { name } = await sendFile(randomBytes(1000));
    await overwrite(name, randomBytes(1000));
    const state = () => world.db.q.selectFrom('blobs').select(['checked_date', 'fault']).where('name', '=', name).executeTakeFirstOrThrow();
    const uploadedDate = world.clock.now();
    await stage.runJob('check-blobs');
    expect(await state()).toEqual({ checked_date: uploadedDate, fault: null });
    await world.clock.advance(1000 * (MONTH_S + 60));
    await stage.runJob('check-blobs');
    const checkedDate = world.clock.now();
    expect(await state()).toEqual({ checked_date: checkedDate, fault: 'damaged in block 0' });
    await world.clock.advance(1000 * (MONTH_S - 60));
    await stage.runJob('check-blobs');
    expect(await state()).toMatchObject({ checked_date: checkedDate });
  });

  it('that the disk cannot read are noted, and the others are checked', async () => {
    const [broken, sound] = [await sendFile(randomBytes(1000)), await sendFile(randomBytes(2000))];
    const { store } = world.files;
    const read = store.readStream.bind(store);
    store.readStream = (name, from) => {
      if (name === broken.name) throw Object.assign(new Error('i/o error'), { code: 'EIO' });
      return read(name, from);
    };
    try {
      await world.clock.advance(1000 * (MONTH_S + 60));
      await stage.runJob('check-blobs');
    } finally {
      store.readStream = read;
    }
    const rows = await world.db.q.selectFrom('blobs').select(['name', 'fault']).execute();
    expect(new Map(rows.map((row) => [row.name, row.fault]))).toEqual(new Map([[broken.name, 'not readable (EIO)'], [sound.name, null]]));
  });

  /** Uploads five files, and lets their check be due. @returns their names, in the order in which they are checked */
  async function dueFiles(): Promise<string[]> {
    const names: string[] = [];
    for (let file = 0; file < 5; file++) {
      names.push((await sendFile(randomBytes(1000))).name);
      await world.clock.advance(1000);
    }
    await world.clock.advance(1000 * (MONTH_S + 60));
    return names;
  }

  const uncheckedNames = async (): Promise<string[]> =>
    (await world.db.q.selectFrom('blobs').select('name').where('checked_date', '<', world.clock.now() - MONTH_S).orderBy('checked_date').execute()).map(({ name }) => name);

  it('that the store refuses for good do not keep the others from being checked, are counted, and are tried again a day later', async () => {
    const names = await dueFiles();
    const refused = [names[0]!, names[2]!];
    const { store } = world.files;
    const stat = store.stat.bind(store);
    const asked: string[] = [];
    store.stat = (name) => {
      asked.push(name);
      return refused.includes(name) ? Promise.reject(new BlobStoreUnavailable('InvalidObjectState')) : stat(name);
    };
    try {
      await stage.runJob('check-blobs');
      expect(asked).toEqual(names);
      expect(await uncheckedNames()).toEqual(refused);
      expect(await countFiles(world.db)).toMatchObject({ faults: 0, unread: 2 });
      expect(new Map((await faultsOf(false)).map(({ name, fault }) => [name, fault]))).toEqual(new Map(refused.map((name) => [name, 'not read: InvalidObjectState'])));
      asked.length = 0;
      await stage.runJob('check-blobs');
      expect(asked).toEqual([]);
    } finally {
      store.stat = stat;
    }
    await world.clock.advance(1000 * 86_460);
    await stage.runJob('check-blobs');
    expect(await uncheckedNames()).toEqual([]);
    expect(await countFiles(world.db)).toMatchObject({ faults: 0, unread: 0 });
  });

  it('are left alone by the check while the whole store is away', async () => {
    await dueFiles();
    const { store } = world.files;
    const stat = store.stat.bind(store);
    let asked = 0;
    store.stat = () => {
      asked++;
      return Promise.reject(new BlobStoreUnavailable('no route'));
    };
    try {
      await expect(stage.runJob('check-blobs')).rejects.toThrow('no route');
      await expect(faultsOf(false)).rejects.toThrow('no route');
    } finally {
      store.stat = stat;
    }
    expect(asked).toBe(3 + 5);
    expect(await countFiles(world.db)).toMatchObject({ faults: 0, unread: 3 });
  });

  it('are not faulty because their master key was missing for a while', async () => {
    await dueFiles();
    const { keys, masterKeys } = world.files;
    const good = masterKeys.splice(0, masterKeys.length, randomBytes(32));
    await keys.reload();
    try {
      await stage.runJob('check-blobs');
      expect(await countFiles(world.db)).toMatchObject({ faults: 0, unread: 5 });
    } finally {
      masterKeys.splice(0, masterKeys.length, ...good);
      await keys.reload();
    }
    await world.clock.advance(1000 * 86_460);
    await stage.runJob('check-blobs');
    expect(await countFiles(world.db)).toMatchObject({ faults: 0, unread: 0 });
    expect(await uncheckedNames()).toEqual([]);
  });

  it.each(['missing', 'damaged'] as const)('that are %s come back when somebody uploads the same content', async (what) => {
    const bytes = randomBytes(1000);
    const { name } = await sendFile(bytes);
    if (what === 'missing') await world.files.store.remove(name);
    else await overwrite(name, randomBytes(1000));
    await faultsOf(true);
    await stage.upload(bob, bytes);
    expect(await faultsOf(true)).toEqual([]);
    expect(await countFiles(world.db)).toMatchObject({ blobs: 1, documents: 2, faults: 0 });
  });

  it('have their keys encrypted with a new master key by a job', async () => {
    await sendFile(randomBytes(1000));
    await sendFile(randomBytes(2000));
    const { keys } = world.files;
    const [old, added] = [Buffer.from('ab'.repeat(32), 'hex'), randomBytes(32)];
    world.files.masterKeys.splice(0, 1, added, old);
    await stage.runJob('rewrap-blob-keys');
    const rows = await world.db.q.selectFrom('blobs').select('wrapped_key').execute();
    const newest = await MasterKeys.open({ description: 'the new key', read: () => Promise.resolve([added]) }, { bytes: randomBytes } as never);
    expect(rows.map((row) => wrappingKeyId(row.wrapped_key))).toEqual([newest.currentId, newest.currentId]);
    expect(keys.currentId).toBe(newest.currentId);
    expect(await faultsOf(true)).toEqual([]);
  });
});
