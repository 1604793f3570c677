import { randomBytes } from 'node:crypto';
import type { tl } from '@aerogram/tl';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { uploadedPhotos } from './accounts-world.ts';
import { createFileStage, type FileStage, ORIGIN, ownProfile } from './file-stage.ts';
import { proverOf } from './password-client.ts';

const WEEK_S = 7 * 86_400;
/** The number of the list in `kept_documents`. */
const LIST = 4;

describe('profile photos', () => {
  let stage: FileStage;
  let key: Awaited<ReturnType<FileStage['world']['signUp']>>['key'];
  let alice: bigint;
  let phone = 9_996_620_000;

  beforeAll(async () => {
    stage = await createFileStage({}, { photos: uploadedPhotos });
  });
  afterAll(() => stage[Symbol.asyncDispose]());
  beforeEach(async () => {
    ({ userId: alice, key } = await stage.world.signUp(String(++phone), 'Alice'));
  });

  const upload = async (bytes: Uint8Array = randomBytes(1000)): Promise<tl.photo> => {
    const id = stage.nextId();
    await stage.world.domain.files.doSavePart({ userId: alice, fileId: id, part: 0, totalParts: undefined }, bytes);
    return stage.world.domain.profilePhotos.doUpload(ownProfile(alice), { file: { _: 'inputFile', id, parts: 1, name: 'a', md5_checksum: '' } });
  };
  const stored = async (): Promise<bigint[]> => (await stage.world.db.q.selectFrom('documents').select('document_id').where('uploader_id', '=', alice).execute()).map((row) => row.document_id);
  const collectAfter = async (seconds: number): Promise<void> => {
    await stage.runJob('collect-files');
    await stage.world.clock.advance(seconds * 1000);
    await stage.runJob('collect-files');
  };

  it('are stored as long as they are in the list, and deleted a week after they were deleted from it', async () => {
    const [first, second] = [await upload(), await upload()];
    await collectAfter(2 * WEEK_S);
    expect(await stored()).toEqual(expect.arrayContaining([first.id, second.id]));
    expect(await stage.world.domain.profilePhotos.doDelete(ownProfile(alice), [first.id])).toEqual([first.id]);
    await collectAfter(WEEK_S + 60);
    expect(await stored()).toEqual([second.id]);
  });

  it('are deleted with the account', async () => {
    await upload();
    const id = stage.nextId();
    await stage.world.domain.files.doSavePart({ userId: alice, fileId: id, part: 0, totalParts: undefined }, randomBytes(1000));
    await stage.world.domain.fallbackPhotos.doUpload(alice, { file: { _: 'inputFile', id, parts: 1, name: 'a', md5_checksum: '' } }, ORIGIN);
    await stage.world.domain.auth.doDeleteAccount(proverOf(key), undefined);
    expect(await stage.world.domain.users.findRow(alice)).toMatchObject({ deleted: true, photo_id: null, photo_stripped: null, fallback_photo_id: null, fallback_photo_stripped: null });
    expect(await stage.world.domain.profilePhotos.list(alice, alice, { offset: 0, maxId: 0n, limit: 10 })).toEqual({ photos: [], count: 0 });
    await stage.world.runJobs('repeat');
    await collectAfter(WEEK_S + 60);
    expect(await stored()).toEqual([]);
  });

  it('are no more than a thousand; one of them can be uploaded again', async () => {
    const bytes = randomBytes(1000);
    const known = await upload(bytes);
    const rows = Array.from({ length: 999 }, (_, n) => ({ owner_id: alice, list: LIST, document_id: BigInt(n + 1), position: BigInt(n - 1000) }));
    await stage.world.db.q.insertInto('kept_documents').values(rows).execute();
    await expect(upload()).rejects.toMatchObject({ text: 'ALBUM_PHOTOS_TOO_MANY' });
    expect((await upload(bytes)).id).toBe(known.id);
  });

  it('of the same length are told apart by their content', async () => {
    const [first, second] = [await upload(new Uint8Array(1000).fill(1)), await upload(new Uint8Array(1000).fill(2))];
    expect(second.id).not.toBe(first.id);
  });
});
