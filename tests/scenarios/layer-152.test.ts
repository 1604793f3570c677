import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findRepositoryRoot } from '@aerogram/dev-env/load';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { tl } from '@mtcute/node';
import { randomLong } from '@mtcute/node/utils.js';
import type { Actor } from '@aerogram/dev-env';
import { createChannel, postIn } from './channel-stage.ts';
import { LayerClient, type LayerAnswer } from './client-boot/layer-client.ts';
import { upload } from './file-stage.ts';
import { makePicture, setProfilePhoto } from './photo-stage.ts';
import { startScenario, type Scenario } from './scenario.ts';

const LAYER = 152;
const APP = { api_id: 611335, api_hash: '0123456789abcdef0123456789abcdef' };

let scenario: Scenario;
beforeAll(async () => {
  scenario = await startScenario();
});
afterAll(() => scenario?.[Symbol.asyncDispose]());

/** The answer to a call; every answer was read to its last byte with the layer's schema. */
async function call<T = Record<string, unknown>>(client: LayerClient, method: string, args: object = {}): Promise<T> {
  const answer: LayerAnswer = await client.call(method, args);
  if ('refused' in answer) throw new Error(`${method}: ${answer.refused}`);
  return answer.value as T;
}

/** Logs in as the desktop app does, on another device of an account. */
async function logIn({ phone }: Actor, layer = LAYER): Promise<LayerClient> {
  const client = await LayerClient.open(scenario.server.info, 'tdesktop', layer);
  expect(await call(client, 'help.getConfig')).toMatchObject({ _: 'config', saved_gifs_limit: 200, pinned_dialogs_count_max: 100 });
  const { phone_code_hash } = await call(client, 'auth.sendCode', { phone_number: phone, ...APP, settings: { _: 'codeSettings' } });
  const phone_code = phone.charAt(5).repeat(5);
  const authorization = await call(client, 'auth.signIn', { phone_number: phone, phone_code_hash, phone_code });
  expect(authorization).toMatchObject({ _: 'auth.authorization', user: { _: 'user', self: true, phone } });
  return client;
}

interface Dialogs {
  dialogs: { _: string; peer: { user_id: bigint }; top_message: number; read_outbox_max_id?: number; unread_count?: number }[];
  users: { id: bigint; access_hash: bigint }[];
}

/** The chat with a user, as the client finds it in its list. */
async function findPeer(client: LayerClient, other: Actor): Promise<object> {
  const { users } = await call<Dialogs>(client, 'messages.getDialogs', {
    exclude_pinned: true, folder_id: 0, offset_date: 0, offset_id: 0, offset_peer: { _: 'inputPeerEmpty' }, limit: 100, hash: 0n,
  });
  const { id, access_hash } = users.find((user) => user.id === BigInt(other.id))!;
  return { _: 'inputPeerUser', user_id: id, access_hash };
}

test('a desktop client of layer 152 logs in, lists its chats, and exchanges messages with a client of the newest layer', async () => {
  const [alice, bob] = [await scenario.world.user('Alice'), await scenario.world.user('Bob')];
  await alice.send(bob, 'hello Bob');
  await bob.sees('hello Bob');
  await using client = await logIn(alice);
  const { main } = bob;

  const state = await call<{ pts: number; date: number }>(client, 'updates.getState');
  expect(await call(client, 'users.getFullUser', { id: { _: 'inputUserSelf' } })).toMatchObject({ users: [{ first_name: 'Alice', self: true }] });
  expect(await call(client, 'help.getAppConfig')).toMatchObject({ _: 'jsonObject' });
  expect(await call(client, 'messages.getDialogFilters')).toMatchObject([{ _: 'dialogFilterDefault' }]);
  expect(await call(client, 'messages.getStickerSet', { stickerset: { _: 'inputStickerSetDice', emoticon: '🎲' }, hash: 0 })).toMatchObject({ set: { count: 7 }, packs: [{ emoticon: '#\u20E3' }, { emoticon: '1\u20E3' }, {}, {}, {}, {}, {}] });
  const peer = await findPeer(client, bob);

  // It sends, in its own form of the request.
  const sent = await call(client, 'messages.sendMessage', { peer, message: 'from the desktop', random_id: 7n });
  expect(sent).toMatchObject({ _: 'updateShortSentMessage', out: true });
  const seen = await bob.sees('from the desktop');
  await bob.read(seen);
  expect(await client.seesUpdate('updateReadHistoryOutbox')).toMatchObject({ peer: { user_id: BigInt(bob.id) }, max_id: (sent as { id: number }).id });

  // It receives everything that a private chat can contain.
  await main.call({ _: 'messages.setTyping', peer: main.inputPeer(alice.id), action: { _: 'sendMessageTypingAction' } });
  expect(await client.seesUpdate('updateUserTyping')).toMatchObject({ user_id: BigInt(bob.id) });
  await bob.send(alice, 'an answer', { replyTo: seen, entities: [{ _: 'messageEntityBold', offset: 0, length: 2 }] });
  const got = await client.seesUpdate('updateNewMessage', ({ message }) => (message as { message: string }).message === 'an answer');
  expect(got).toMatchObject({ message: { entities: [{ _: 'messageEntityBold', offset: 0, length: 2 }], reply_to: { _: 'messageReplyHeader', reply_to_msg_id: (sent as { id: number }).id } } });
  const { id } = got['message'] as { id: number };
  await bob.edit(main.find('an answer')!, 'a better answer');
  expect(await client.seesUpdate('updateEditMessage')).toMatchObject({ message: { id, message: 'a better answer' } });

  // What it can do with messages.
  await call(client, 'messages.readHistory', { peer, max_id: id });
  await main.seesUpdate('updateReadHistoryOutbox');
  await call(client, 'messages.sendReaction', { peer, msg_id: id, reaction: [{ _: 'reactionEmoji', emoticon: '👍' }] });
  await main.seesUpdate('updateMessageReactions');
  await call(client, 'messages.sendMessage', { peer, reply_to_msg_id: id, message: 'quoted', random_id: 8n });
  expect(await bob.sees('quoted')).toMatchObject({ reply_to: main.find('a better answer')!.id });
  await call(client, 'messages.saveDraft', { reply_to_msg_id: id, peer, message: 'half' });
  await alice.main.seesUpdate('updateDraftMessage');
  const die = await call(client, 'messages.sendMedia', { peer, media: { _: 'inputMediaDice', emoticon: '🎲' }, message: '', random_id: 9n });
  expect(JSON.stringify(die, (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value))).toContain('messageMediaDice');

  // What it finds by search.
  const history = await call<{ messages: { message?: string }[] }>(client, 'messages.getHistory', { peer, offset_id: 0, offset_date: 0, add_offset: 0, limit: 20, max_id: 0, min_id: 0, hash: 0n });
  expect(history.messages.map(({ message }) => message)).toEqual(['', 'quoted', 'a better answer', 'from the desktop', 'hello Bob']);
  const difference = await call(client, 'updates.getDifference', { pts: state.pts, date: state.date, qts: 0 });
  expect(difference).toMatchObject({ _: 'updates.difference', new_messages: [{ message: 'from the desktop' }, { message: 'a better answer' }, { message: 'quoted' }, { media: { _: 'messageMediaDice' } }] });
});

test('a client that lists its chats without the pinned ones still has its archive after a restart', async () => {
  const [alice, bob] = [await scenario.world.user('Alice'), await scenario.world.user('Bob')];
  await alice.send(bob, 'hello');
  await bob.send(alice, 'hello yourself');
  await alice.sees('hello yourself');
  await using client = await logIn(alice);
  const peer = await findPeer(client, bob);
  await call(client, 'folders.editPeerFolders', { folder_peers: [{ _: 'inputFolderPeer', peer, folder_id: 1 }] });
  const archive = { _: 'dialogFolder', folder: { _: 'folder', id: 1 }, peer: { user_id: BigInt(bob.id) }, unread_unmuted_messages_count: 1 };
  client.introduce();
  expect(await call(client, 'messages.getPinnedDialogs', { folder_id: 0 })).toMatchObject({ dialogs: [archive] });
  expect(await call(client, 'messages.getPeerDialogs', { peers: [{ _: 'inputDialogPeerFolder', folder_id: 1 }] })).toMatchObject({ dialogs: [archive] });
});

test('a desktop client of layer 152 is pushed what happens in groups and channels', async () => {
  const [alice, bob] = [await scenario.world.user('Alice'), await scenario.world.user('Bob')];
  await using client = await logIn(alice);
  const { main } = bob;
  await bob.meet(alice);
  const [users, nothing] = [[main.inputUser(alice.id)], ''];
  const texts = ({ message }: Record<string, unknown>): unknown => (message as { message?: string }).message;

  const { updates } = await main.invite({ _: 'messages.createChat', users, title: 'Climbing' });
  const { id: chatId } = (updates as tl.RawUpdates).chats[0] as tl.RawChat;
  expect(await client.seesUpdate('updateChatParticipants')).toMatchObject({ participants: { _: 'chatParticipants', chat_id: BigInt(chatId), participants: [{}, {}] } });
  expect(await client.seesUpdate('updateNewMessage')).toMatchObject({ message: { action: { _: 'messageActionChatCreate', title: 'Climbing' }, peer_id: { chat_id: BigInt(chatId) } } });
  await main.change({ _: 'messages.sendMessage', peer: { _: 'inputPeerChat', chatId }, message: 'who is coming?', randomId: randomLong() });
  await client.seesUpdate('updateNewMessage', (update) => texts(update) === 'who is coming?');

  for (const kind of ['megagroup', 'broadcast'] as const) {
    const made = (await main.change({ _: 'channels.createChannel', [kind]: true, title: kind, about: nothing })) as tl.RawUpdates;
    const id = -1_000_000_000_000 - (made.chats[0] as tl.RawChannel).id;
    await main.invite({ _: 'channels.inviteToChannel', channel: main.inputChannel(id), users });
    expect(await client.seesUpdate('updateChannel', ({ channel_id }) => Number(channel_id) === -1_000_000_000_000 - id)).toBeDefined();
    await main.change({ _: 'messages.sendMessage', peer: main.inputPeer(id), message: `${kind} news`, randomId: randomLong() });
    const seen = await client.seesUpdate('updateNewChannelMessage', (update) => texts(update) === `${kind} news`);
    const { id: msgId } = seen['message'] as { id: number };
    await main.change({ _: 'messages.editMessage', peer: main.inputPeer(id), id: msgId, message: `old ${kind} news` });
    await client.seesUpdate('updateEditChannelMessage', (update) => texts(update) === `old ${kind} news`);
    await main.call({ _: 'channels.deleteMessages', channel: main.inputChannel(id), id: [msgId] });
    await client.seesUpdate('updateDeleteChannelMessages', ({ messages, pts_count }) => (messages as number[])[0] === msgId && pts_count === 1);
  }
});

test('a client of layer 152 reads the log of a group without the events that its layer lacks', async () => {
  const alice = await scenario.world.user('Alice');
  const id = await createChannel(alice);
  const channel = alice.main.inputChannel(id);
  await alice.main.change({ _: 'channels.editTitle', channel, title: 'Bouldering' });
  await alice.main.change({ _: 'channels.updateColor', channel, color: 3, forProfile: true });
  const msgId = await postIn(alice, id, 'draft');
  await alice.main.change({ _: 'messages.editMessage', peer: alice.main.inputPeer(id), id: msgId, message: 'final' });
  await using client = await logIn(alice);
  const { chats } = await call<{ chats: { id: bigint; access_hash: bigint }[] }>(client, 'messages.getDialogs', {
    exclude_pinned: true, folder_id: 0, offset_date: 0, offset_id: 0, offset_peer: { _: 'inputPeerEmpty' }, limit: 100, hash: 0n,
  });
  const known = chats.find((chat) => chat.id === BigInt(-1_000_000_000_000 - id))!;
  const { events } = await call<{ events: { action: object }[] }>(client, 'channels.getAdminLog', {
    channel: { _: 'inputChannel', channel_id: known.id, access_hash: known.access_hash }, q: '', max_id: 0n, min_id: 0n, limit: 100,
  });
  expect(events.map(({ action }) => action)).toMatchObject([
    { _: 'channelAdminLogEventActionEditMessage', prev_message: { message: 'draft' }, new_message: { message: 'final' } },
    { _: 'channelAdminLogEventActionChangeTitle', prev_value: 'Climbing', new_value: 'Bouldering' },
  ]);
});

test('a desktop client of layer 152 is told of profile photos, loads them, and sets its own', async () => {
  const [alice, bob] = [await scenario.world.user('Alice'), await scenario.world.user('Bob')];
  await alice.send(bob, 'hello');
  await bob.send(alice, 'hello yourself');
  await using client = await logIn(alice);
  const peer = (await findPeer(client, bob)) as { user_id: bigint; access_hash: bigint };
  const user_id = { _: 'inputUser', user_id: peer.user_id, access_hash: peer.access_hash };
  const photo = await setProfilePhoto(bob.main);
  const photo_id = BigInt(photo.id.toString());
  await client.seesUpdate('updateUser', (update) => update['user_id'] === BigInt(bob.id));
  expect(await call(client, 'users.getFullUser', { id: user_id })).toMatchObject({ full_user: { profile_photo: { _: 'photo', id: photo_id } }, users: [{ photo: { _: 'userProfilePhoto', photo_id } }] });
  expect(await call(client, 'photos.getUserPhotos', { user_id, offset: 0, max_id: 0n, limit: 10 })).toMatchObject({ photos: [{ id: photo_id }] });
  const file = await call<{ bytes: Uint8Array }>(client, 'upload.getFile', { location: { _: 'inputPeerPhotoFileLocation', peer, photo_id }, offset: 0n, limit: 1024 * 1024 });
  expect(await sharp(file.bytes).metadata()).toMatchObject({ width: 160, height: 160 });

  const bytes = await makePicture(300, 300);
  await call(client, 'upload.saveFilePart', { file_id: 5n, file_part: 0, bytes });
  const set = await call<{ photo: { id: bigint; access_hash: bigint; file_reference: Uint8Array } }>(client, 'photos.uploadProfilePhoto', { file: { _: 'inputFile', id: 5n, parts: 1, name: 'me.jpg', md5_checksum: '' } });
  const input = { ...set.photo, _: 'inputPhoto' };
  expect(set).toMatchObject({ photo: { _: 'photo' }, users: [{ self: true, photo: { photo_id: set.photo.id } }] });
  expect(await call(client, 'photos.updateProfilePhoto', { id: input })).toMatchObject({ photo: { id: set.photo.id } });
  expect(await call(client, 'photos.deletePhotos', { id: [input] })).toEqual([set.photo.id]);
});

test.each([144, 152])('a client of layer %d sets a video as its profile photo, and loads those of others', async (layer) => {
  const [alice, bob] = [await scenario.world.user('Alice'), await scenario.world.user('Bob')];
  await alice.send(bob, 'hello');
  await bob.send(alice, 'hello yourself');
  await using client = await logIn(alice, layer);
  const film = readFileSync(join(findRepositoryRoot(), 'packages/media/test/samples/avatar.mp4'));
  const put = async (file_id: bigint, bytes: Uint8Array): Promise<object> => {
    await call(client, 'upload.saveFilePart', { file_id, file_part: 0, bytes });
    return { _: 'inputFile', id: file_id, parts: 1, name: 'me', md5_checksum: '' };
  };
  const videos = [{ _: 'videoSize', type: 'u', w: 240, h: 240, video_start_ts: 1 }];
  const set = { file: await put(5n, await makePicture(300, 300)), video: await put(6n, film), video_start_ts: 1 };
  expect(await call(client, 'photos.uploadProfilePhoto', set)).toMatchObject({ photo: { video_sizes: videos }, users: [{ self: true, photo: { has_video: true } }] });

  await bob.main.change({ _: 'photos.uploadProfilePhoto', file: await upload(bob.main, { bytes: await makePicture(300, 300), name: 'me.jpg' }), video: await upload(bob.main, { bytes: film, name: 'me.mp4' }), videoStartTs: 1 });
  const peer = (await findPeer(client, bob)) as { user_id: bigint; access_hash: bigint };
  const { photos, users } = await call<{ photos: { id: bigint; access_hash: bigint; file_reference: Uint8Array; video_sizes: { size: number }[] }[]; users: unknown[] }>(client, 'photos.getUserPhotos', { user_id: { ...peer, _: 'inputUser' }, offset: 0, max_id: 0n, limit: 10 });
  expect({ photos, users }).toMatchObject({ photos: [{ video_sizes: videos }], users: [{ photo: { has_video: true } }] });
  const { id, access_hash, file_reference, video_sizes } = photos[0]!;
  const file = await call<{ type: object; bytes: Uint8Array }>(client, 'upload.getFile', { location: { _: 'inputPhotoFileLocation', id, access_hash, file_reference, thumb_size: 'u' }, offset: 0n, limit: 1024 * 1024 });
  expect(file).toMatchObject({ type: { _: 'storage.fileMp4' } });
  expect(file.bytes).toHaveLength(video_sizes[0]!.size);
});
