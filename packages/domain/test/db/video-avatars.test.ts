import { randomBytes } from 'node:crypto';
import type { tl } from '@aerogram/tl';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { type MediaReader, uploadedPhotos } from './accounts-world.ts';
import { createFileStage, type FileStage, ownProfile } from './file-stage.ts';

const WEEK_S = 7 * 86_400;
const STRIPPED = Uint8Array.of(1, 20, 40);

/** How the lane for videos of the test is, and how many videos it has made. */
const state = { outcome: 'made' as 'made' | 'busy' | 'unavailable' | 'unreadable' | 'frameless', made: 0 };

/** Makes videos that have the bytes of the upload reversed, and a frame that has its first ones. */
const media: MediaReader = {
  describe: () => Promise.resolve({ outcome: 'other' }),
  async makeAvatar(_account, { size, read, avatar: { startS, frame } }) {
    state.made++;
    if (state.outcome === 'busy') return { outcome: 'busy', waitS: 7 };
    if (state.outcome !== 'made') return { outcome: state.outcome };
    const bytes = Uint8Array.from(await read(0, size));
    const picture = { sizes: [{ type: 'a', width: 160, height: 160, bytes: bytes.slice(0, 100), prefixes: [] }], stripped: STRIPPED };
    return { outcome: 'made', avatar: { bytes: bytes.toReversed(), width: 400, height: 400, startS, frame: frame ? picture : undefined } };
  },
};

describe('videos of profiles', () => {
  let stage: FileStage;
  let alice: bigint;

  beforeAll(async () => {
    stage = await createFileStage({ unsentFilesMax: 4 }, { photos: uploadedPhotos, media });
  });
  afterAll(() => stage[Symbol.asyncDispose]());
  beforeEach(async () => {
    Object.assign(state, { outcome: 'made', made: 0 });
    alice = await stage.signUp('Alice');
  });

  const upload = async (bytes: Uint8Array = randomBytes(1000)): Promise<tl.inputFile> => {
    const id = stage.nextId();
    await stage.world.domain.files.doSavePart({ userId: alice, fileId: id, part: 0, totalParts: undefined }, bytes);
    return { _: 'inputFile', id, parts: 1, name: 'a', md5_checksum: '' };
  };
  const set = (picture: { file?: tl.InputFile; video?: tl.InputFile; video_start_ts?: number }): Promise<tl.photo> => stage.world.domain.profilePhotos.doUpload(ownProfile(alice), picture);
  const read = async ({ id, access_hash, file_reference }: tl.photo, thumb_size: string): Promise<Uint8Array> => {
    const file = await stage.world.domain.files.accessLocation(alice, { _: 'inputPhotoFileLocation', id, access_hash, file_reference, thumb_size });
    return file.read(0, 1 << 20);
  };
  const count = async (table: 'documents' | 'blobs'): Promise<number> => (await stage.world.db.q.selectFrom(table).selectAll().execute()).length;
  const refusal = (picture: Parameters<typeof set>[0]): Promise<string> => set(picture).then(() => 'nothing', (error: { text: string }) => error.text);

  it('stand in one blob behind the sizes of the picture', async () => {
    const [still, film] = [randomBytes(2000), randomBytes(3000)];
    const before = [await count('documents'), await count('blobs')];
    const photo = await set({ file: await upload(still), video: await upload(film), video_start_ts: 1.5 });
    expect([await count('documents'), await count('blobs')]).toEqual([before[0]! + 1, before[1]! + 1]);
    expect(photo.video_sizes).toEqual([{ _: 'videoSize', type: 'u', w: 400, h: 400, size: 3000, video_start_ts: 1.5 }]);
    expect(Buffer.compare(await read(photo, 'a'), still)).toBe(0);
    expect(Buffer.compare(await read(photo, 'u'), Buffer.from(film).reverse())).toBe(0);
    expect(await stage.world.domain.users.findRow(alice)).toMatchObject({ photo_id: photo.id, photo_has_video: true });
  });

  it('have a frame as their picture, if there is no other one', async () => {
    const film = randomBytes(3000);
    const photo = await set({ video: await upload(film) });
    expect(Buffer.compare(await read(photo, 'a'), film.subarray(0, 100))).toBe(0);
    expect(photo.video_sizes).toMatchObject([{ video_start_ts: 0 }]);
  });

  it('are found by a call that is repeated, without either upload, and are not made again', async () => {
    const [file, video] = [await upload(), await upload()];
    const photo = await set({ file, video });
    expect((await set({ file, video })).id).toBe(photo.id);
    expect(state.made).toBe(1);
    // Each upload alone is known as well: the picture was made for the video.
    expect(await refusal({ file })).toBe('FILE_PART_0_MISSING');
    expect((await set({ video })).id).toBe(photo.id);
  });

  it('are other photos with another beginning or another picture', async () => {
    const [still, film] = [randomBytes(500), randomBytes(600)];
    const first = await set({ file: await upload(still), video: await upload(film), video_start_ts: 1 });
    const [later, other] = [await set({ file: await upload(still), video: await upload(film), video_start_ts: 2 }), await set({ file: await upload(), video: await upload(film), video_start_ts: 1 })];
    const plain = await set({ file: await upload(still) });
    expect(new Set([first, later, other, plain].map(({ id }) => id)).size).toBe(4);
    expect((await set({ file: await upload(still), video: await upload(film), video_start_ts: 1 })).id).toBe(first.id);
    expect((await set({ file: await upload(still) })).video_sizes).toBeUndefined();
    expect(await stage.world.domain.users.findRow(alice)).toMatchObject({ photo_has_video: false });
  });

  it('are deleted with their photo, and their bytes a week later', async () => {
    const photo = await set({ file: await upload(), video: await upload() });
    const [row] = await stage.world.db.q.selectFrom('documents').select('identity').where('document_id', '=', photo.id).execute();
    const bytes = async (): Promise<unknown[]> => stage.world.db.q.selectFrom('blobs').select('name').where('identity', '=', row!.identity).execute();
    expect(await bytes()).toHaveLength(1);
    await stage.world.domain.profilePhotos.doDelete(ownProfile(alice), [photo.id]);
    await stage.runJob('collect-files');
    await stage.world.clock.advance((WEEK_S + 60) * 1000);
    await stage.runJob('collect-files');
    expect(await bytes()).toEqual([]);
    expect(await stage.world.domain.users.findRow(alice)).toMatchObject({ photo_id: null, photo_has_video: false });
  });

  it.each([
    ['unreadable', 'VIDEO_FILE_INVALID', 1],
    ['unavailable', 'VIDEO_FILE_INVALID', 2],
    ['frameless', 'PHOTO_FILE_MISSING', 2],
    ['busy', 'FLOOD_WAIT_7', 2],
  ] as const)('that are %s are refused with %s, and the upload can be used once more', async (outcome, error, made) => {
    const video = await upload();
    Object.assign(state, { outcome });
    expect(await refusal({ video })).toBe(error);
    expect(await refusal({ video })).toBe(error);
    // Only what is wrong with the video itself is remembered.
    expect(state.made).toBe(made);
    await stage.world.clock.advance(601_000);
    Object.assign(state, { outcome: 'made' });
    expect((await set({ video })).video_sizes).toHaveLength(1);
  });

  it('are refused if video and picture are one upload, or too many are not used', async () => {
    const video = await upload();
    expect(await refusal({ file: video, video })).toBe('VIDEO_FILE_INVALID');
    for (let unsent = 0; unsent < 4; unsent++) await stage.upload(alice, randomBytes(100));
    expect(await refusal({ video })).toBe('FLOOD_WAIT_600');
    expect(state.made).toBe(0);
  });

  it.each(['with', 'without'])('that find no room are not made again by each call, %s a picture', async (still) => {
    // The limit counts bytes here, and what is made is longer than what was uploaded.
    await using small = await createFileStage({ unsentFileBytes: 5000 }, { photos: uploadedPhotos, media });
    const user = await small.signUp('Alice');
    const send = async (bytes: Uint8Array): Promise<tl.inputFile> => {
      const id = small.nextId();
      await small.world.domain.files.doSavePart({ userId: user, fileId: id, part: 0, totalParts: undefined }, bytes);
      return { _: 'inputFile', id, parts: 1, name: 'a', md5_checksum: '' };
    };
    const picture = { video: await send(randomBytes(4950)), file: still === 'with' ? await send(randomBytes(100)) : undefined };
    for (let call = 0; call < 3; call++) {
      await expect(small.world.domain.profilePhotos.doUpload(ownProfile(user), picture)).rejects.toMatchObject({ text: 'FLOOD_WAIT_600' });
    }
    expect(state.made).toBe(1);
    await small.world.clock.advance(601_000);
    await expect(small.world.domain.profilePhotos.doUpload(ownProfile(user), picture)).rejects.toMatchObject({ text: 'FLOOD_WAIT_600' });
    expect(state.made).toBe(2);
  });
});
