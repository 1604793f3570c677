import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Actor } from '@aerogram/dev-env';
import { findRepositoryRoot } from '@aerogram/dev-env/load';
import { Long, type tl } from '@mtcute/node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bannedFrom } from './channel-stage.ts';
import { makeFile, upload } from './file-stage.ts';
import { makePicture, setProfilePhoto } from './photo-stage.ts';
import { startScenario, type Scenario } from './scenario.ts';

/** How many photos a profile may have, and the number of their list in `kept_documents`. */
const PHOTOS_MAX = 1000;
const LIST = 4;

let scenario: Scenario;
let alice: Actor;
let bob: Actor;
/** A channel from which Bob was banned. */
let closed: tl.TypeInputPeer;
const files: Record<string, tl.TypeInputFile> = {};
beforeAll(async () => {
  scenario = await startScenario();
  [alice, bob] = [await scenario.world.user('Alice'), await scenario.world.user('Bob')];
  await alice.meet(bob);
  await bob.meet(alice);
  await bob.main.change({ _: 'contacts.deleteContacts', id: [bob.main.inputUser(alice.id)] });
  closed = await bannedFrom(alice, bob);
  const { main } = bob;
  const picture = await makePicture(400, 400);
  Object.assign(files, {
    good: await upload(main, { bytes: picture, name: 'a.jpg' }),
    cut: await upload(main, { bytes: picture.subarray(0, 500), name: 'a.jpg' }),
    narrow: await upload(main, { bytes: await makePicture(159, 400), name: 'a.jpg' }),
    other: await upload(main, makeFile(1000)),
  });
});
afterAll(() => scenario?.[Symbol.asyncDispose]());

const photosOf = (userId: tl.TypeInputUser, maxId = Long.ZERO): tl.RpcMethod => ({ _: 'photos.getUserPhotos', userId, offset: 0, maxId, limit: 1 });
const select = (more: Partial<tl.photos.RawUpdateProfilePhotoRequest> = {}): tl.RpcMethod => ({ _: 'photos.updateProfilePhoto', id: { _: 'inputPhoto', id: Long.ONE, accessHash: Long.ONE, fileReference: new Uint8Array() }, ...more });
const set = (more: Partial<tl.photos.RawUploadProfilePhotoRequest> = {}): tl.RpcMethod => ({ _: 'photos.uploadProfilePhoto', ...more });
const setFor = (userId: tl.TypeInputUser, flags: { save?: boolean }): tl.RpcMethod => ({ _: 'photos.uploadContactProfilePhoto', userId, file: files['good']!, ...flags });
const fromMessage = (peer: tl.TypeInputPeer): tl.RawInputUserFromMessage => ({ _: 'inputUserFromMessage', peer, msgId: 999_999, userId: alice.id });

/** Calls and their errors. */
const CASES: readonly [error: string, request: () => tl.RpcMethod][] = [
  ['MAX_ID_INVALID', () => photosOf({ _: 'inputUserSelf' }, Long.NEG_ONE)],
  ['CHANNEL_PRIVATE', () => photosOf(fromMessage(closed))],
  ['MSG_ID_INVALID', () => photosOf(fromMessage({ _: 'inputPeerSelf' }))],
  ['USER_ID_INVALID', () => photosOf({ _: 'inputUserEmpty' })],
  ['BOT_FALLBACK_UNSUPPORTED', () => select({ fallback: true, bot: { _: 'inputUserSelf' } })],
  ['PHOTO_ID_INVALID', () => select()],
  ['BOT_INVALID', () => set({ file: files['good']!, bot: { _: 'inputUserSelf' } })],
  ['EMOJI_MARKUP_INVALID', () => set({ videoEmojiMarkup: { _: 'videoSizeEmojiMarkup', emojiId: Long.ONE, backgroundColors: [1] } })],
  ['STICKER_MIME_INVALID', () => set({ file: files['good']!, videoEmojiMarkup: { _: 'videoSizeStickerMarkup', stickerset: { _: 'inputStickerSetAnimatedEmoji' }, stickerId: Long.ONE, backgroundColors: [1] } })],
  ['FILE_PARTS_INVALID', () => set({ file: { ...(files['good'] as tl.RawInputFile), parts: 5000 } })],
  ['IMAGE_PROCESS_FAILED', () => set({ file: files['cut']! })],
  ['PHOTO_CROP_SIZE_SMALL', () => set({ file: files['narrow']! })],
  ['PHOTO_EXT_INVALID', () => set({ file: files['other']! })],
  ['PHOTO_FILE_MISSING', () => set()],
  ['VIDEO_FILE_INVALID', () => set({ video: files['other']! })],
  ['CONTACT_MISSING', () => setFor(bob.main.inputUser(alice.id), { save: true })],
  ['NEED_ACTION_MISSING', () => setFor(bob.main.inputUser(alice.id), {})],
  ['USER_ID_INVALID', () => setFor({ _: 'inputUserSelf' }, { save: true })],
];

const nameOf = (method: string, error: string): string => `${method} ${error}`;

describe('the errors of the methods of photos', () => {
  test.each(CASES.map(([error, request]) => ({ error, request })))('$error', async ({ error, request }) => {
    expect((await bob.main.fails(request())).text).toBe(error);
  });

  test('ALBUM_PHOTOS_TOO_MANY when the profile is full', async () => {
    await setProfilePhoto(bob.main);
    const rows = Array.from({ length: PHOTOS_MAX - 1 }, (_, n) => ({ owner_id: BigInt(bob.id), list: LIST, document_id: BigInt(n + 1), position: BigInt(n - PHOTOS_MAX) }));
    await scenario.server.db.q.insertInto('kept_documents').values(rows).execute();
    expect((await bob.main.fails(set({ file: files['good']! }))).text).toBe('ALBUM_PHOTOS_TOO_MANY');
  });

  test('all that are documented are provoked here, or docs/media.md says why they never occur', () => {
    const methods = JSON.parse(readFileSync(join(findRepositoryRoot(), 'packages/schema/methods.json'), 'utf8')) as Record<string, { errors: string[] }>;
    const documented = Object.entries(methods).flatMap(([method, { errors }]) => (method.startsWith('photos.') ? errors.map((error) => nameOf(method, error)) : []));
    const provoked = [...CASES.map(([error, request]) => nameOf(request()._, error)), 'photos.uploadProfilePhoto ALBUM_PHOTOS_TOO_MANY'];
    const page = readFileSync(join(findRepositoryRoot(), 'docs/media.md'), 'utf8');
    const explained = [...page.matchAll(/^\| `(photos\.\w+)` \| (`[A-Z].*?`) \| \S/gm)].flatMap(([, method, errors]) => [...errors!.matchAll(/`([^`]+)`/g)].map(([, error]) => nameOf(method!, error!)));
    expect([...new Set(provoked), ...explained].toSorted()).toEqual(documented.toSorted());
  });
});
