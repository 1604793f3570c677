import { createHash, randomBytes } from 'node:crypto';

import { sql } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';

import type { MessageRow } from '../../src/index.ts';
import { createFileStage, type FileStage, ORIGIN } from './file-stage.ts';

const FLOOD = { text: 'FLOOD_WAIT_600' };

describe('files that are uploaded and not sent', () => {
  let stage: FileStage;
  let alice: bigint;
  let bob: bigint;
  beforeAll(async () => {
    stage = await createFileStage({ unsentFilesMax: 3, unsentFileBytes: 10_000 });
  });
  afterAll(() => stage[Symbol.asyncDispose]());
  beforeEach(async () => {
    alice = await stage.signUp('Alice');
    bob = await stage.signUp('Bob');
  });

  const idOf = ({ document }: tl.messageMediaDocument): bigint => (document as tl.document).id;
  const upload = (size: number): Promise<tl.messageMediaDocument> => stage.upload(alice, randomBytes(size));

  const send = async (size: number): Promise<MessageRow> => stage.send(alice, bob, await upload(size));
  const remove = (ownerId: bigint, rows: readonly MessageRow[]) =>
    stage.world.domain.messages.doDelete({ ownerId, msgIds: rows.map(({ msg_id: msgId }) => msgId), revoke: true, origin: ORIGIN });

  it('are limited in number, and sending one makes room for an upload that was refused', async () => {
    const [first] = [await upload(10), await upload(10), await upload(10)];
    // A call whose answer was lost is repeated.
    expect(await stage.world.domain.files.doPrepareMedia(alice, stage.lastUploaded())).toBeDefined();
    await expect(upload(10)).rejects.toMatchObject(FLOOD);
    const refused = stage.lastUploaded();
    await expect(stage.world.domain.files.doPrepareMedia(alice, refused)).rejects.toMatchObject(FLOOD);
    expect(await stage.upload(bob, randomBytes(10))).toBeDefined();
    await stage.send(alice, bob, first);
    expect(await stage.world.domain.files.doPrepareMedia(alice, refused)).toBeDefined();
    await expect(upload(10)).rejects.toMatchObject(FLOOD);
  });

  it('do not limit who sends everything', async () => {
    for (let file = 0; file < 10; file++) await stage.send(alice, bob, await upload(5000));
  });

  it('count again when they were sent and are deleted', async () => {
    const sent = [await send(10), await send(10), await send(10)];
    // There seem to be too many, so those that are in messages are left out of the count from here on.
    await send(10);
    await remove(alice, sent);
    await expect(upload(10)).rejects.toMatchObject(FLOOD);
  });

  it('do not count when somebody else deletes them a week later', async () => {
    const sent = [await send(10), await send(10), await send(10), await send(10)];
    await stage.world.clock.advance((7 * 86_400 + 60) * 1000);
    const boxes = await stage.world.db.q.selectFrom('messages').select('msg_id').where('owner_id', '=', bob).execute();
    await stage.world.domain.messages.doDelete({ ownerId: bob, msgIds: boxes.map(({ msg_id: msgId }) => msgId), revoke: true, origin: ORIGIN });
    const counted = async (): Promise<number> =>
      (await stage.world.db.q.selectFrom('file_releases').select('document_id').where('uploader_id', '=', alice).execute()).length;
    expect(await counted()).toBeGreaterThanOrEqual(sent.length);
    expect(await upload(10)).toBeDefined();
    expect(await counted()).toBe(1);
  });

  it('are left out of the count by the collection when they are older than a week, however many they are', async () => {
    const sent = [await send(10), await send(10)];
    await stage.world.clock.advance((7 * 86_400 + 60) * 1000);
    await remove(alice, sent);
    await stage.runJob('collect-files');
    const { rows } = await sql`SELECT FROM file_releases WHERE uploader_id = ${alice}`.execute(stage.world.db.q);
    expect(rows).toHaveLength(0);
  });

  it('are looked up in slices, and only a few times in some seconds, however often refused calls are repeated', async () => {
    const sent = await send(10);
    await sql`INSERT INTO file_releases (document_id, uploader_id, size)
      SELECT f.document_id, ${alice}, 10 FROM message_files f, generate_series(1, 20000) WHERE f.owner_id = ${alice} AND f.msg_id = ${sent.msg_id}`.execute(stage.world.db.q);
    const counted = async (): Promise<number> =>
      (await sql<{ count: number }>`SELECT count(*)::integer AS count FROM file_releases WHERE uploader_id = ${alice}`.execute(stage.world.db.q)).rows[0]!.count;
    await expect(upload(10)).rejects.toMatchObject(FLOOD);
    const first = await counted();
    expect(first).toBeGreaterThan(17_000);
    expect(first).toBeLessThan(20_000);
    for (let call = 0; call < 10; call++) await expect(upload(10)).rejects.toMatchObject(FLOOD);
    expect(await counted()).toBeGreaterThan(13_000);
    for (let wait = 0; wait < 4; wait++) {
      await stage.world.clock.advance(5000);
      for (let call = 0; call < 3; call++) await upload(10).catch(() => {});
    }
    expect(await counted()).toBeLessThan(4);
  });

  it('make a call wait instead of fail when others keep the uploader locked', async () => {
    await Promise.all([upload(10), upload(10), upload(10)]);
    await stage.world.db.transact('hold-uploader', async (tx) => {
      await tx.q.selectFrom('users').select('user_id').where('user_id', '=', alice).forUpdate().execute();
      await expect(upload(10)).rejects.toMatchObject({ text: 'FLOOD_WAIT_5' });
    });
  });

  it('do not count as long as somebody has them in a message', async () => {
    const sent: MessageRow[] = [];
    for (let file = 0; file < 4; file++) sent.push(await send(3000));
    await stage.world.domain.messages.doDelete({ ownerId: alice, msgIds: sent.map(({ msg_id: msgId }) => msgId), revoke: false, origin: ORIGIN });
    for (let file = 0; file < 4; file++) await send(3000);
  });

  it('do not exceed the limit by calls at the same time', async () => {
    const { files } = stage.world.domain;
    const inputs: tl.inputMediaUploadedDocument[] = [];
    for (let file = 0; file < 8; file++) {
      const id = 5000n + BigInt(file);
      await files.doSavePart({ userId: alice, fileId: id, part: 0, totalParts: undefined }, randomBytes(10));
      inputs.push({ _: 'inputMediaUploadedDocument', file: { _: 'inputFile', id, parts: 1, name: 'a', md5_checksum: '' }, mime_type: 'text/plain', attributes: [] });
    }
    const results = await Promise.allSettled(inputs.map((input) => files.doPrepareMedia(alice, input)));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
    for (const result of results) if (result.status === 'rejected') expect(result.reason).toMatchObject(FLOOD);
  });

  it('are limited in bytes', async () => {
    await upload(6000);
    await expect(upload(6000)).rejects.toMatchObject(FLOOD);
    expect(await upload(3000)).toBeDefined();
    // For this one there is never room.
    await expect(upload(10_001)).rejects.toMatchObject({ text: 'FILE_PARTS_INVALID' });
  });

  it('are refused before the bytes of their upload are hashed', async () => {
    await upload(9000);
    const { files } = stage.world.domain;
    for (const part of [0, 1, 2]) await files.doSavePart({ userId: alice, fileId: 1n, part, totalParts: 3 }, randomBytes(1024));
    const hash = vi.spyOn(stage.world.files.uploads, 'hashWhole');
    const file: tl.inputFile = { _: 'inputFile', id: 1n, parts: 3, name: 'a', md5_checksum: '0'.repeat(32) };
    await expect(files.doPrepareMedia(alice, { ...stage.lastUploaded(), file })).rejects.toMatchObject(FLOOD);
    expect(hash).not.toHaveBeenCalled();
    vi.restoreAllMocks();
  });

  it('give their room back when they are collected', async () => {
    await upload(9000);
    await stage.runJob('collect-files');
    await stage.world.clock.advance((7 * 86_400 + 60) * 1000);
    await stage.runJob('collect-files');
    expect(await upload(9000)).toBeDefined();
  });

  it('are not collected after they were uploaded again, even when their time is over', async () => {
    const bytes = randomBytes(2000);
    const first = idOf(await stage.upload(alice, bytes));
    // As if the time of the server had jumped since.
    await sql`UPDATE file_releases SET since_date = 1 WHERE document_id = ${first}`.execute(stage.world.db.q);
    const again = await stage.upload(alice, bytes);
    expect(idOf(again)).toBe(first);
    await stage.runJob('collect-files');
    await stage.send(alice, bob, again);
    const { rows } = await sql`SELECT FROM documents WHERE document_id = ${first}`.execute(stage.world.db.q);
    expect(rows).toHaveLength(1);
  });

  it('are the same document for the same content and attributes, until a message has it', async () => {
    const bytes = randomBytes(4000);
    const ids = [idOf(await stage.upload(alice, bytes)), idOf(await stage.upload(alice, bytes)), idOf(await stage.upload(alice, bytes))];
    expect(new Set(ids).size).toBe(1);
    const media = await stage.world.domain.files.doPrepareMedia(alice, stage.lastUploaded());
    const renamed = await stage.world.domain.files.doPrepareMedia(alice, { ...stage.lastUploaded(), attributes: [{ _: 'documentAttributeFilename', file_name: 'other.txt' }] });
    expect(idOf(media)).toBe(ids[0]);
    expect(idOf(renamed)).not.toBe(ids[0]);
    expect(idOf(await stage.upload(bob, bytes))).not.toBe(ids[0]);
    await stage.send(alice, bob, media);
    expect(ids).not.toContain(idOf(await stage.upload(alice, bytes)));
  });

  it('are found again by a repeated call among many others of the same content', async () => {
    await using room = await createFileStage({ unsentFilesMax: 30 });
    const carol = await room.signUp('Carol');
    await room.upload(carol, randomBytes(100));
    const make = async (file: number): Promise<bigint> =>
      idOf(await room.world.domain.files.doPrepareMedia(carol, { ...room.lastUploaded(), attributes: [{ _: 'documentAttributeFilename', file_name: `${file}.txt` }] }));
    const [first, again]: bigint[][] = [[], []];
    for (const ids of [first, again]) for (let file = 0; file < 15; file++) ids!.push(await make(file));
    expect(new Set(first).size).toBe(15);
    expect(again).toEqual(first);
  });

  it('are one document also if calls that name one upload come at the same time', async () => {
    await upload(100);
    const input: tl.inputMediaUploadedDocument = { ...stage.lastUploaded(), attributes: [{ _: 'documentAttributeFilename', file_name: 'a.txt' }] };
    const made = await Promise.all(Array.from({ length: 8 }, () => stage.world.domain.files.doPrepareMedia(alice, input)));
    expect(new Set(made.map(idOf)).size).toBe(1);
  });

  it('are found by the hash of their content only by those who have them in a message, as long as they have it', async () => {
    const bytes = randomBytes(500);
    const media = await stage.upload(alice, bytes);
    const mallory = await stage.signUp('Mallory');
    await stage.upload(mallory, bytes);
    const content = { sha256: createHash('sha256').update(bytes).digest(), size: 500n, mimeType: 'text/plain' };
    const finders = async (): Promise<bigint[]> => {
      const found: bigint[] = [];
      for (const user of [alice, bob, mallory]) if ((await stage.world.domain.files.findByHash(user, content))._ === 'document') found.push(user);
      return found;
    };
    expect(await finders()).toEqual([]);
    const row = await stage.send(alice, bob, media);
    expect(await finders()).toEqual([alice, bob]);
    await stage.world.domain.messages.doDelete({ ownerId: alice, msgIds: [row.msg_id], revoke: false, origin: ORIGIN });
    expect(await finders()).toEqual([bob]);
  });
});
