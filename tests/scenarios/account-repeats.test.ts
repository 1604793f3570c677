import { Long, tl } from '@mtcute/node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { World, type Actor, type Device } from '@aerogram/dev-env';
import { startServerProcess, type ServerProcess } from '@aerogram/dev-env/load';
import { testDatabase, type TestDatabase } from '@aerogram/storage/testing';
import { createChannel } from './channel-stage.ts';
import { documentOf, makeFile, sendMedia, upload } from './file-stage.ts';
import { makePicture } from './photo-stage.ts';

/** The number before that of the first wallpaper that everybody has. */
const DEFAULT_WALLPAPER = Long.fromNumber(2 ** 32);
/** Ids of sets of custom emoji that everybody has: faces and animals. */
const EMOJI_SETS = ['7832126119688812020', '487732638110417411'].map((id) => Long.fromString(id));

/**
 * Rule S6, for the account and its contacts: what was acknowledged is there after a `kill -9`. A call that was not acknowledged and is
 * repeated takes effect once, whether the first call was executed or not.
 */
let database: TestDatabase;
let server: ServerProcess;
let world: World;
let alice: Actor;
let bob: Actor;
let carol: Actor;
/** A song and a GIF that Alice has sent to herself. */
let song: tl.RawInputDocument;
let gif: tl.RawInputDocument;
let sticker: tl.RawInputDocument;
/** Pictures that Alice has uploaded. */
const pictures: tl.TypeInputFile[] = [];
/** Alice's public channel, by its marked id. */
let news: number;
beforeAll(async () => {
  database = await testDatabase();
  server = await startServerProcess({ databaseUrl: database.url });
  world = new World(server);
  [alice, bob, carol] = [await world.user('Alice'), await world.user('Bob'), await world.user('Carol')];
  for (const other of [bob, carol]) await alice.meet(other);
  news = await createChannel(alice, 'broadcast', 'News');
  [song, gif] = [await sendOwn('audio/mpeg', { _: 'documentAttributeAudio', duration: 1 }), await sendOwn('video/mp4', { _: 'documentAttributeAnimated' })];
  sticker = await sendOwn('image/webp', { _: 'documentAttributeImageSize', w: 512, h: 512 }, { _: 'documentAttributeSticker', alt: '👍', stickerset: { _: 'inputStickerSetEmpty' } });
  for (let version = 0; version <= 3; version++) pictures.push(await upload(alice.main, { bytes: await makePicture(200, 200 + version), name: 'me.jpg' }));
  await alice.main.change({ _: 'channels.updateUsername', channel: alice.main.inputChannel(news), username: 'alices_news' });
});
afterAll(async () => {
  await world?.[Symbol.asyncDispose]();
  await server?.[Symbol.asyncDispose]();
  await database?.[Symbol.asyncDispose]();
});

/** Sends a file to Saved Messages. */
async function sendOwn(mimeType: string, ...attributes: tl.TypeDocumentAttribute[]): Promise<tl.RawInputDocument> {
  const media: tl.TypeInputMedia = { _: 'inputMediaUploadedDocument', file: await upload(alice.main, { bytes: mimeType === 'image/webp' ? await makePicture(512, 512, 'webp') : makeFile(1000).bytes, name: 'notes.txt' }), mimeType, attributes };
  const { id, accessHash, fileReference } = await documentOf(alice.main, await sendMedia(alice.main, media, { peer: { _: 'inputPeerSelf' } }));
  return { _: 'inputDocument', id, accessHash, fileReference };
}

/** Every call that changes the account or its contacts; `version` varies the values. */
function requests(main: Device, version: number): tl.RpcMethod[] {
  const name = ['Alicia', 'Alba', 'Alma'][version % 3]!;
  const isOdd = version % 2 === 1;
  const [first, second] = isOdd ? [bob, carol] : [carol, bob];
  const phoneContact = (phone: string): tl.TypeInputContact => ({ _: 'inputPhoneContact', clientId: Long.ONE, phone, firstName: `Num${version}`, lastName: '' });
  return [
    { _: 'account.updateProfile', firstName: name, lastName: `L${version}`, about: `about ${version}` },
    { _: 'account.updateUsername', username: `alice_name_${version}` },
    { _: 'account.updateBirthday', birthday: { _: 'birthday', day: 1 + version, month: 2 } },
    { _: 'account.updateColor', color: { _: 'peerColor', color: version } },
    { _: 'account.setMainProfileTab', tab: { _: isOdd ? 'profileTabFiles' : 'profileTabMedia' } },
    { _: 'account.updatePersonalChannel', channel: isOdd ? main.inputChannel(news) : { _: 'inputChannelEmpty' } },
    { _: 'account.setAccountTTL', ttl: { _: 'accountDaysTTL', days: 100 + version } },
    { _: 'account.setAuthorizationTTL', authorizationTtlDays: 30 + version },
    { _: 'account.setContactSignUpNotification', silent: isOdd },
    { _: 'account.setPrivacy', key: { _: 'inputPrivacyKeyAbout' }, rules: [{ _: 'inputPrivacyValueDisallowUsers', users: [main.inputUser(first.id)] }, { _: 'inputPrivacyValueAllowAll' }] },
    { _: 'account.setGlobalPrivacySettings', settings: { _: 'globalPrivacySettings', hideReadMarks: isOdd, keepArchivedUnmuted: !isOdd, displayGiftsButton: isOdd } },
    { _: 'account.updateNotifySettings', peer: { _: 'inputNotifyPeer', peer: main.inputPeer(first.id) }, settings: { _: 'inputPeerNotifySettings', muteUntil: 2_000_000_000 + version } },
    { _: 'account.saveAutoSaveSettings', users: true, settings: { _: 'autoSaveSettings', photos: isOdd, videos: !isOdd } },
    { _: 'account.saveAutoSaveSettings', peer: main.inputPeer(first.id), settings: { _: 'autoSaveSettings', photos: isOdd } },
    { _: 'account.saveMusic', id: song, unsave: !isOdd },
    { _: 'account.saveRingtone', id: song, unsave: !isOdd },
    { _: 'messages.saveGif', id: gif, unsave: !isOdd },
    { _: 'messages.faveSticker', id: sticker, unfave: !isOdd },
    { _: 'messages.installStickerSet', stickerset: { _: 'inputStickerSetShortName', shortName: 'AerogramSignEmoji' }, archived: !isOdd },
    { _: 'messages.toggleStickerSets', archive: isOdd, unarchive: !isOdd, stickersets: [{ _: 'inputStickerSetShortName', shortName: 'AerogramFoodEmoji' }] },
    { _: 'messages.reorderStickerSets', emojis: true, order: isOdd ? EMOJI_SETS : EMOJI_SETS.toReversed() },
    { _: 'messages.uninstallStickerSet', stickerset: { _: 'inputStickerSetShortName', shortName: isOdd ? 'AerogramFaces' : 'AerogramAnimals' } },
    { _: 'messages.readFeaturedStickers', id: EMOJI_SETS },
    { _: 'messages.saveRecentSticker', id: sticker, unsave: !isOdd },
    { _: 'account.saveWallPaper', wallpaper: { _: 'inputWallPaperNoFile', id: DEFAULT_WALLPAPER.add(1) }, unsave: !isOdd, settings: { _: 'wallPaperSettings', backgroundColor: version } },
    { _: 'account.installWallPaper', wallpaper: { _: 'inputWallPaperNoFile', id: DEFAULT_WALLPAPER.add(2 + version) }, settings: { _: 'wallPaperSettings', backgroundColor: version } },
    { _: 'photos.uploadProfilePhoto', file: pictures[version]! },
    { _: 'contacts.toggleTopPeers', enabled: isOdd },
    { _: 'contacts.importContacts', contacts: [phoneContact(first.phone), phoneContact(`1555000${version}111`)] },
    { _: 'contacts.addContact', id: main.inputUser(second.id), firstName: `Second${version}`, lastName: '', phone: '' },
    { _: 'contacts.updateContactNote', id: main.inputUser(second.id), note: { _: 'textWithEntities', text: `note ${version}`, entities: [] } },
    { _: 'contacts.editCloseFriends', id: [second.id] },
    { _: 'contacts.deleteContacts', id: [main.inputUser(first.id)] },
    { _: isOdd ? 'contacts.block' : 'contacts.unblock', id: main.inputPeer(first.id) },
  ];
}

/** Every call that sets something of a channel. */
function channelSettings(main: Device, group: number, broadcast: number, discussion: number): tl.RpcMethod[] {
  const [channel, peer] = [main.inputChannel(group), main.inputPeer(group)];
  return [
    { _: 'channels.editTitle', channel, title: 'Bouldering' },
    { _: 'messages.editChatAbout', peer, about: 'indoors' },
    { _: 'messages.editChatDefaultBannedRights', peer, bannedRights: { _: 'chatBannedRights', untilDate: 0, sendPolls: true } },
    { _: 'messages.setHistoryTTL', peer, period: 86_400 },
    { _: 'messages.toggleNoForwards', peer, enabled: true },
    { _: 'channels.toggleSlowMode', channel, seconds: 10 },
    { _: 'channels.togglePreHistoryHidden', channel, enabled: true },
    { _: 'channels.toggleJoinToSend', channel, enabled: true },
    { _: 'channels.updateColor', channel, color: 3 },
    { _: 'channels.setMainProfileTab', channel, tab: { _: 'profileTabMedia' } },
    { _: 'channels.toggleSignatures', channel: main.inputChannel(broadcast), signaturesEnabled: true },
    { _: 'channels.setDiscussionGroup', broadcast: main.inputChannel(broadcast), group: main.inputChannel(discussion) },
  ];
}

/** Channels and their histories, as a member reads them. */
async function lookAtChannels(main: Device, ids: readonly number[]): Promise<unknown[]> {
  return Promise.all(ids.map(async (id) => {
    const { fullChat, chats } = await main.call({ _: 'channels.getFullChannel', channel: main.inputChannel(id) });
    const history = await main.call({ _: 'messages.getHistory', peer: main.inputPeer(id), offsetId: 0, offsetDate: 0, addOffset: 0, limit: 100, maxId: 0, minId: 0, hash: Long.ZERO });
    // Who is online is no setting.
    return [{ ...fullChat, onlineCount: undefined }, chats.find((chat) => chat.id === -1_000_000_000_000 - id), 'messages' in history && history.messages];
  }));
}

/** Everything that the calls of {@link requests} change, as the account reads it. */
async function look(main: Device): Promise<Record<string, unknown>> {
  const [me] = await main.call({ _: 'users.getUsers', id: [{ _: 'inputUserSelf' }] });
  if (me?._ !== 'user') throw new Error('no self');
  const { fullUser } = await main.call({ _: 'users.getFullUser', id: { _: 'inputUserSelf' } });
  const contacts = await main.call({ _: 'contacts.getContacts', hash: Long.ZERO });
  if (contacts._ === 'contacts.contactsNotModified') throw new Error(contacts._);
  const people: unknown[] = [];
  const { id: takeoutId } = await main.call({ _: 'account.initTakeoutSession' });
  for (const other of [bob, carol]) {
    const { fullUser: full, users } = await main.call({ _: 'users.getFullUser', id: main.inputUser(other.id) });
    const user = users.find((one) => one.id === other.id);
    if (user?._ !== 'user') throw new Error('no other');
    people.push([user.firstName, user.contact, user.mutualContact, user.closeFriend, full.blocked, full.note?.text, full.notifySettings.muteUntil]);
  }
  return {
    names: [me.firstName, me.lastName, me.username, me.color, fullUser.about, fullUser.birthday, fullUser.mainTab, fullUser.personalChannelId],
    ttl: (await main.call({ _: 'account.getAccountTTL' })).days,
    devices: (await main.call({ _: 'account.getAuthorizations' })).authorizationTtlDays,
    silent: await main.call({ _: 'account.getContactSignUpNotification' }),
    privacy: (await main.call({ _: 'account.getPrivacy', key: { _: 'inputPrivacyKeyAbout' } })).rules,
    global: await main.call({ _: 'account.getGlobalPrivacySettings' }),
    autoSave: await main.call({ _: 'account.getAutoSaveSettings' }).then(({ users: _users, ...rest }) => rest),
    photos: (await main.call({ _: 'photos.getUserPhotos', userId: { _: 'inputUserSelf' }, offset: 0, maxId: Long.ZERO, limit: 10 })).photos.map(({ id }) => id),
    kept: [
      await main.call({ _: 'account.getSavedMusicIds', hash: Long.ZERO }),
      await main.call({ _: 'account.getSavedRingtones', hash: Long.ZERO }),
      await main.call({ _: 'account.getWallPapers', hash: Long.ZERO }),
      await main.call({ _: 'messages.getSavedGifs', hash: Long.ZERO }),
      await main.call({ _: 'messages.getFavedStickers', hash: Long.ZERO }),
      await main.call({ _: 'messages.getAllStickers', hash: Long.ZERO }),
      await main.call({ _: 'messages.getEmojiStickers', hash: Long.ZERO }),
      await main.call({ _: 'messages.getArchivedStickers', emojis: true, offsetId: Long.ZERO, limit: 10 }),
      await main.call({ _: 'messages.getRecentStickers', hash: Long.ZERO }),
    ],
    top: (await main.call({ _: 'contacts.getTopPeers', correspondents: true, offset: 0, limit: 10, hash: Long.ZERO }))._,
    contacts: contacts.contacts,
    people,
    unmatched: (await main.call({ _: 'invokeWithTakeout', takeoutId, query: { _: 'contacts.getSaved' } }) as tl.TypeSavedContact[]).map((row) => row.phone),
    blocked: (await main.call({ _: 'contacts.getBlocked', offset: 0, limit: 10 })).blocked.map((row) => row.peerId),
  };
}

/** Errors that tell a client that its first call took effect. A repeat may be answered with them, and with no other. */
const DONE_BEFORE: ReadonlySet<string> = new Set(['USERNAME_NOT_MODIFIED']);

/** Calls that run at the same time also find no contact if another one has not added it yet, or has deleted it. */
const AT_ONCE: ReadonlySet<string> = new Set([...DONE_BEFORE, 'CONTACT_ID_INVALID']);

/** Makes a call whose first answer may have been lost. @param expected errors that are no failure */
async function repeat(main: Device, request: tl.RpcMethod, expected = DONE_BEFORE): Promise<void> {
  try {
    await main.call(request);
  } catch (error) {
    if (!(error instanceof tl.RpcError) || !expected.has(error.text)) throw error;
  }
}

test('settings of channels are there after kill -9, and a repeated call says that nothing changed', async () => {
  const { main } = alice;
  const group = await createChannel(alice, 'megagroup', 'Climbing');
  const discussion = await createChannel(alice, 'megagroup', 'Comments');
  for (const request of channelSettings(main, group, news, discussion)) await main.change(request);
  const before = await lookAtChannels(main, [group, news, discussion]);
  await server.restart();
  expect(await lookAtChannels(main, [group, news, discussion])).toEqual(before);
  const answers: string[] = [];
  for (const request of channelSettings(main, group, news, discussion)) answers.push((await main.fails(request)).text);
  expect(new Set(answers)).toEqual(new Set(['CHAT_NOT_MODIFIED', 'CHAT_ABOUT_NOT_MODIFIED', 'LINK_NOT_MODIFIED']));
  expect(await lookAtChannels(main, [group, news, discussion])).toEqual(before);
});

describe('changes of the account and its contacts', () => {
  test('that were acknowledged are there after kill -9, and stay the same when repeated', async () => {
    const { main } = alice;
    for (const request of requests(main, 1)) await main.call(request);
    const before = await look(main);
    await server.restart();
    expect(await look(main)).toEqual(before);
    const ptsBefore = (await main.call({ _: 'updates.getState' })).pts;
    for (const request of requests(main, 1)) await repeat(main, request);
    expect(await look(main)).toEqual(before);
    // None of them is an event with pts.
    expect((await main.call({ _: 'updates.getState' })).pts).toBe(ptsBefore);
  });

  test('that were interrupted by kill -9 take effect once when repeated', async () => {
    const { main } = alice;
    for (const version of [2, 3]) {
      const pending = requests(main, version).map((request) => repeat(main, request, AT_ONCE));
      await server.restart();
      await Promise.all(pending);
      for (const request of requests(main, version)) await repeat(main, request);
      const after = await look(main);
      for (const request of requests(main, version)) await repeat(main, request);
      expect(await look(main)).toEqual(after);
      expect(after).toMatchObject({ ttl: 100 + version, devices: 30 + version, silent: version === 3 });
      expect(after['photos']).toHaveLength(version);
    }
    const rows = await bob.main.call({ _: 'contacts.getContacts', hash: Long.ZERO });
    if (rows._ === 'contacts.contactsNotModified') throw new Error(rows._);
    expect(rows.contacts).toEqual([]);
  });
});
