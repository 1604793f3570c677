import { METHODS, readResult, TlReader, type tl } from '@aerogram/tl';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { methods } from '../../src/index.ts';
import { createRpcWorld, type RpcWorld } from './rpc-world.ts';

/** Calls that clients make when they start, log in and show their dialogs. */
const GUEST_CALLS: tl.AnyMethod[] = [
  { _: 'help.getConfig' },
  { _: 'help.getNearestDc' },
  { _: 'help.getAppConfig', hash: 0 },
  { _: 'help.getCountriesList', lang_code: 'en', hash: 0 },
  { _: 'help.getTermsOfServiceUpdate' },
  { _: 'help.getPeerColors', hash: 0 },
  { _: 'help.getPeerProfileColors', hash: 0 },
  { _: 'help.getCdnConfig' },
  { _: 'help.getAppUpdate', source: '' },
  { _: 'langpack.getLangPack', lang_pack: 'android', lang_code: 'en' },
  { _: 'langpack.getLangPack', lang_pack: '', lang_code: 'de' },
  { _: 'langpack.getStrings', lang_pack: 'weba', lang_code: 'en', keys: ['a'] },
  { _: 'langpack.getDifference', lang_pack: 'tdesktop', lang_code: 'en', from_version: 1 },
  { _: 'langpack.getLanguages', lang_pack: 'ios' },
  { _: 'langpack.getLanguage', lang_pack: 'ios', lang_code: 'en' },
];

const SELF = { _: 'inputUserSelf' } as const;
const SELF_PEER = { _: 'inputPeerSelf' } as const;

const USER_CALLS: tl.AnyMethod[] = [
  { _: 'updates.getState' },
  { _: 'users.getUsers', id: [SELF, { _: 'inputUserEmpty' }] },
  { _: 'users.getFullUser', id: SELF },
  { _: 'users.getSavedMusic', id: SELF, offset: 0, limit: 1, hash: 0n },
  { _: 'users.getSavedMusicByID', id: SELF, documents: [] },
  { _: 'account.getAutoDownloadSettings' },
  { _: 'account.getAutoSaveSettings' },
  { _: 'help.getRecentMeUrls', referer: '' },
  { _: 'help.getDeepLinkInfo', path: 'x' },
  { _: 'users.getRequirementsToContact', id: [SELF] },
  { _: 'photos.getUserPhotos', user_id: SELF, offset: 0, max_id: 0n, limit: 1 },
  { _: 'photos.updateProfilePhoto', id: { _: 'inputPhotoEmpty' } },
  { _: 'photos.deletePhotos', id: [] },
  { _: 'account.updateStatus', offline: false },
  { _: 'account.getAuthorizations' },
  { _: 'account.getPassword' },
  { _: 'account.getNotifySettings', peer: { _: 'inputNotifyUsers' } },
  { _: 'account.getNotifySettings', peer: { _: 'inputNotifyPeer', peer: SELF_PEER } },
  { _: 'account.updateNotifySettings', peer: { _: 'inputNotifyPeer', peer: SELF_PEER }, settings: { _: 'inputPeerNotifySettings', mute_until: 1 } },
  { _: 'account.getNotifyExceptions' },
  { _: 'account.getPrivacy', key: { _: 'inputPrivacyKeyPhoneNumber' } },
  { _: 'contacts.getContacts', hash: 0n },
  { _: 'contacts.getContactIDs', hash: 0n },
  { _: 'contacts.getStatuses' },
  { _: 'contacts.search', q: 'ali', limit: 5 },
  { _: 'contacts.resolveUsername', username: 'replies' },
  { _: 'messages.getDialogFilters' },
  { _: 'messages.getPinnedDialogs', folder_id: 0 },
  { _: 'messages.getDialogs', offset_date: 0, offset_id: 0, offset_peer: { _: 'inputPeerEmpty' }, limit: 20, hash: 0n },
  { _: 'messages.getSavedDialogs', offset_date: 0, offset_id: 0, offset_peer: { _: 'inputPeerEmpty' }, limit: 20, hash: 0n },
  { _: 'messages.getEmojiKeywordsDifference', lang_code: 'en', from_version: 0 },
  { _: 'messages.getTopReactions', limit: 1, hash: 0n },
  { _: 'messages.getAvailableReactions', hash: 0 },
  { _: 'messages.getSponsoredMessages', peer: SELF_PEER },
  { _: 'stories.getAllStories' },
  { _: 'stories.getPeerStories', peer: SELF_PEER },
  { _: 'stories.getPeerMaxIDs', id: [SELF_PEER] },
  { _: 'payments.getStarsStatus', peer: SELF_PEER },
  { _: 'help.getPromoData' },
  { _: 'help.getPremiumPromo' },
  { _: 'help.getInviteText' },
  { _: 'help.getTimezonesList', hash: 0 },
  { _: 'messages.getCustomEmojiDocuments', document_id: [1n, 2n] },
  { _: 'messages.getStickerSet', stickerset: { _: 'inputStickerSetDice', emoticon: '🎲' }, hash: 0 },
  { _: 'messages.getStickerSet', stickerset: { _: 'inputStickerSetAnimatedEmoji' }, hash: 0 },
  { _: 'messages.getCommonChats', user_id: SELF, max_id: 0n, limit: 20 },
  { _: 'messages.getArchivedStickers', offset_id: 0n, limit: 20 },
  { _: 'messages.getOldFeaturedStickers', offset: 0, limit: 20, hash: 0n },
  { _: 'messages.searchStickerSets', q: 'cat', hash: 0n },
  { _: 'messages.searchEmojiStickerSets', q: 'cat', hash: 0n },
  { _: 'messages.searchStickers', q: 'cat', emoticon: '', lang_code: [], offset: 0, limit: 20, hash: 0n },
  { _: 'messages.searchCustomEmoji', emoticon: '👍', hash: 0n },
  { _: 'channels.searchPosts', hashtag: 'x', offset_rate: 0, offset_peer: { _: 'inputPeerEmpty' }, offset_id: 0, limit: 20 },
  { _: 'channels.checkSearchPostsFlood' },
  { _: 'channels.getChannelRecommendations' },
  { _: 'stories.getAlbums', peer: SELF_PEER, hash: 0n },
  { _: 'stories.getStoriesArchive', peer: SELF_PEER, offset_id: 0, limit: 20 },
  { _: 'payments.getStarGiftCollections', peer: SELF_PEER, hash: 0n },
  { _: 'payments.getStarsSubscriptions', peer: SELF_PEER, offset: '' },
  { _: 'payments.getStarsTransactions', peer: SELF_PEER, offset: '', limit: 20 },
  { _: 'bots.getPopularAppBots', offset: '', limit: 20 },
  { _: 'account.getUniqueGiftChatThemes', offset: '', limit: 20, hash: 0n },
];

/** Methods with an empty form whose request has only a hash or no fields. */
const EMPTY_CALLS = [
  'account.getAutoSaveSettings', 'account.getBusinessChatLinks', 'account.getConnectedBots',
  'account.getContactSignUpNotification', 'account.getContentSettings', 'account.getGlobalPrivacySettings',
  'account.getPasskeys', 'account.getReactionsNotifySettings', 'account.getWebAuthorizations',
  'contacts.getBirthdays', 'stories.getAllReadPeerStories', 'messages.getPinnedSavedDialogs',
  'messages.getPaidReactionPrivacy', 'messages.getDefaultHistoryTTL', 'messages.getSuggestedDialogFilters',
  'communities.getJoinedCommunities', 'payments.getPremiumGiftCodeOptions',
  'payments.getStarsGiftOptions', 'payments.getStarsTopupOptions',
] as const satisfies (keyof tl.RpcMethods)[];

const EMPTY_LISTS = [
  'account.getChannelDefaultEmojiStatuses', 'account.getChannelRestrictedStatusEmojis', 'account.getChatThemes',
  'account.getCollectibleEmojiStatuses', 'account.getDefaultBackgroundEmojis', 'account.getDefaultEmojiStatuses',
  'account.getDefaultGroupPhotoEmojis', 'account.getDefaultProfilePhotoEmojis',
  'account.getSavedMusicIds', 'account.getSavedRingtones', 'account.getWallPapers', 'account.getWebBrowserSettings',
  'aicompose.getTones', 'messages.getAllStickers', 'messages.getAttachMenuBots', 'messages.getDefaultTagReactions',
  'messages.getEmojiStickers', 'messages.getFavedStickers', 'messages.getFeaturedEmojiStickers',
  'messages.getFeaturedStickers', 'messages.getMaskStickers', 'messages.getQuickReplies', 'messages.getRecentStickers',
  'messages.getSavedGifs', 'messages.getSavedReactionTags', 'payments.getStarGiftActiveAuctions',
] as const satisfies (keyof tl.RpcMethods)[];

/** Lists whose hash TDLib and Telegram Desktop compute themselves. */
const COMPUTED_LISTS = ['messages.getMaskStickers', 'messages.getOldFeaturedStickers'] as const satisfies (keyof tl.RpcMethods)[];

/** Requests of lists, most of them empty, whose hash clients send back. */
const KEPT_LISTS = [
  ...(['account.getChannelDefaultEmojiStatuses', 'account.getChannelRestrictedStatusEmojis', 'account.getChatThemes', 'account.getCollectibleEmojiStatuses',
    'account.getDefaultBackgroundEmojis', 'account.getDefaultEmojiStatuses', 'account.getDefaultGroupPhotoEmojis', 'account.getDefaultProfilePhotoEmojis',
    'aicompose.getTones', 'messages.getAttachMenuBots'] as const).map((name) => ({ _: name, hash: 0n })),
  ...(['messages.getEmojiGroups', 'messages.getEmojiStatusGroups', 'messages.getEmojiStickerGroups', 'messages.getEmojiProfilePhotoGroups',
    'payments.getStarGifts'] as const).map((name) => ({ _: name, hash: 0 })),
  { _: 'account.getThemes', format: 'webk', hash: 0n },
  { _: 'account.getUniqueGiftChatThemes', offset: '', limit: 10, hash: 0n },
  { _: 'messages.getAllStickers', hash: 0n },
  { _: 'messages.getEmojiStickers', hash: 0n },
  { _: 'messages.getFeaturedStickers', hash: 0n },
  { _: 'messages.getFeaturedEmojiStickers', hash: 0n },
  { _: 'messages.getStickers', emoticon: '😀', hash: 0n },
  { _: 'messages.searchCustomEmoji', emoticon: '😀', hash: 0n },
  { _: 'messages.searchStickerSets', q: 'cat', hash: 0n },
  { _: 'messages.searchEmojiStickerSets', q: 'cat', hash: 0n },
  { _: 'messages.searchStickers', q: 'cat', emoticon: '', lang_code: [], offset: 0, limit: 10, hash: 0n },
].map((query) => [query._, query] as [string, { _: string; hash: bigint | number }]);

const emptyCalls: tl.AnyMethod[] = [
  ...EMPTY_CALLS.map((name) => ({ _: name })),
  ...EMPTY_LISTS.map((name) => ({ _: name, hash: 0n }) as tl.AnyMethod),
];

/** Lists of the app config in which no app needs an entry. */
const MAY_BE_EMPTY = ['autologin_domains', 'fragment_prefixes', 'gif_search_emojies', 'ignore_restriction_reasons', 'restriction_add_platforms', 'url_auth_domains', 'whitelisted_domains'];

describe('calls at client start', () => {
  let world: RpcWorld;
  let userKey: bigint;

  beforeAll(async () => {
    world = await createRpcWorld('boot');
    userKey = (await world.signUp('9996610001', 'Alice')).authKeyId;
  });
  afterAll(() => world[Symbol.asyncDispose]());

  describe.each([144, 152, 181, 198, 214, 223, 229])('at layer %i', (layer) => {
    it.each(GUEST_CALLS.map((query) => [query._, query] as const))('guests get %s', async (_name, query) => {
      expect(await world.call(await world.newKey(), query, layer)).toMatchObject({ error: undefined, method: query._ });
    });
    it.each([...GUEST_CALLS, ...USER_CALLS, ...emptyCalls].map((query) => [query._, query] as const))('users get %s', async (_name, query) => {
      expect(await world.call(userKey, query, layer)).toMatchObject({ error: undefined, method: query._ });
    });
  });

  it('answers no list empty that an app asserts on, and says of a free name that nobody has it', async () => {
    const { body } = await world.call(userKey, { _: 'help.getAppConfig', hash: 0 });
    const { config } = readResult(new TlReader(body), 'help.AppConfig') as tl.help.appConfig;
    const lists = new Map((config as tl.jsonObject).value.flatMap(({ key, value }) => (value._ === 'jsonArray' ? [[key, value.value] as const] : [])));
    expect(lists.get('premium_promo_order')?.length).toBeGreaterThanOrEqual(3);
    // Apps have a list of their own where this one is left out.
    expect(lists.has('business_promo_order')).toBe(false);
    // Before another empty list is added: docs/clients.md says what apps do with each.
    expect([...lists].filter(([, values]) => values.length === 0).map(([key]) => key).sort()).toEqual(MAY_BE_EMPTY);
    // Without `gif_search_username` Web A asks for this name. It shows errors for which it has a text, and it has none for this one.
    expect(await world.call(userKey, { _: 'contacts.resolveUsername', username: 'gif' })).toMatchObject({ error: 'USERNAME_NOT_OCCUPIED' });
  });

  it('hides buttons that lead nowhere, and answers those who press one all the same', async () => {
    const ask = (query: tl.AnyMethod, key = userKey) => world.call(key, query);
    const answerOf = async (query: tl.AnyMethod, key = userKey): Promise<unknown> => readResult(new TlReader((await ask(query, key)).body), METHODS[query._].result);
    const bob = await world.signUp('9996610002', 'Bob');
    const { accessHashes } = world.domain;
    const [{ id: aliceId }] = (await answerOf({ _: 'users.getUsers', id: [SELF] })) as [tl.user];
    const user_id: tl.inputUser = { _: 'inputUser', user_id: bob.userId, access_hash: accessHashes.of('user', aliceId, bob.userId) };

    // What apps read before they show a button.
    const { config } = (await answerOf({ _: 'help.getAppConfig', hash: 0 })) as tl.help.appConfig;
    const told = new Map((config as tl.jsonObject).value.map(({ key, value }) => [key, 'value' in value ? value.value : undefined]));
    const BUTTONS: [string, boolean | number | string][] = [
      ['premium_purchase_blocked', true], ['stars_purchase_blocked', true], ['giveaway_gifts_purchase_available', false],
      ['stargifts_blocked', true], ['stars_gifts_enabled', false], ['premium_gift_attach_menu_icon', false], ['premium_gift_text_field_icon', false],
      ['stars_paid_messages_available', false], ['starref_connect_allowed', false], ['starref_program_allowed', false],
      ['stories_posting', 'disabled'], ['translations_manual_enabled', 'disabled'], ['translations_auto_enabled', 'disabled'],
      ['channel_autotranslation_level_min', 101], ['telegram_antispam_group_size_min', 200_001],
    ];
    for (const [key, value] of BUTTONS) expect([key, told.get(key)]).toEqual([key, value]);
    await ask({ _: 'account.setPrivacy', key: { _: 'inputPrivacyKeyPhoneCall' }, rules: [{ _: 'inputPrivacyValueDisallowAll' }] }, bob.authKeyId);
    await ask({ _: 'account.setGlobalPrivacySettings', settings: { _: 'globalPrivacySettings', display_gifts_button: true } }, bob.authKeyId);
    const { full_user: profile } = (await answerOf({ _: 'users.getFullUser', id: user_id })) as tl.users.userFull;
    for (const flag of ['phone_calls_available', 'phone_calls_private', 'video_calls_available', 'display_gifts_button'] as const) expect(profile[flag], flag).toBeFalsy();
    expect(Object.values(profile.disallowed_gifts ?? {}).filter((value) => value === true)).toHaveLength(5);

    // Apps grant all rights at once: that works, and whoever gets them sees no button for what is not there.
    const granted = { manage_call: true, manage_welcome_messages: true, manage_direct_messages: true, post_stories: true, edit_stories: true, delete_stories: true } as const;
    for (const kind of [{ megagroup: true }, { broadcast: true }] as const) {
      const { chats } = (await answerOf({ _: 'channels.createChannel', ...kind, title: 'Buttons', about: '' })) as tl.updates;
      const { id: channel_id, access_hash = 0n } = chats.find((chat) => chat._ === 'channel')!;
      const channel: tl.inputChannel = { _: 'inputChannel', channel_id, access_hash };
      const peer: tl.inputPeerChannel = { _: 'inputPeerChannel', channel_id, access_hash };
      await ask({ _: 'channels.inviteToChannel', channel, users: [user_id] });
      expect(await ask({ _: 'channels.editAdmin', channel, user_id, admin_rights: { _: 'chatAdminRights', ...granted, change_info: true }, rank: '' })).toMatchObject({ error: undefined });
      const own: tl.inputChannel = { _: 'inputChannel', channel_id, access_hash: accessHashes.of('channel', bob.userId, channel_id) };
      const seen = (await answerOf({ _: 'channels.getChannels', id: [own] }, bob.authKeyId)) as tl.messages.chats;
      const rights = (seen.chats[0] as tl.channel).admin_rights!;
      expect(Object.entries(rights).flatMap(([name, has]) => (has === true ? [name] : []))).toEqual(['change_info', 'other']);
      const { participant } = (await answerOf({ _: 'channels.getParticipant', channel, participant: { _: 'inputPeerUser', user_id: bob.userId, access_hash: user_id.access_hash } })) as tl.channels.channelParticipant;
      expect(participant).toMatchObject({ _: 'channelParticipantAdmin', admin_rights: { ...granted, change_info: true } });
      const { full_chat: full } = (await answerOf({ _: 'channels.getFullChannel', channel })) as tl.messages.chatFull;
      const { chats: [chat] } = (await answerOf({ _: 'channels.getChannels', id: [channel] })) as tl.messages.chats;
      expect(chat).toMatchObject({ creator: true, broadcast_messages_allowed: undefined, linked_monoforum_id: undefined });
      // No app hides the switch of direct messages from creators. Android shows the error.
      expect((await ask({ _: 'channels.updatePaidMessagesPrice', channel, broadcast_messages_allowed: true, send_paid_messages_stars: 0n })).error).toBe('METHOD_INVALID');
      for (const flag of ['antispam', 'paid_messages_available', 'stargifts_available', 'can_view_revenue', 'can_view_stars_revenue'] as const) expect((full as tl.channelFull)[flag], flag).toBeFalsy();

      // Creators have the button of video chats in all apps.
      expect(await answerOf({ _: 'phone.getGroupCallJoinAs', peer })).toMatchObject({ _: 'phone.joinAsPeers', peers: [{ _: 'peerUser', user_id: aliceId }], users: [{ id: aliceId }] });
      expect((await ask({ _: 'phone.createGroupCall', peer, random_id: 1 })).error).toBe('CREATE_CALL_FAILED');
    }
    expect((await ask({ _: 'phone.createGroupCall', peer: SELF_PEER, random_id: 1 })).error).toBe('PEER_ID_INVALID');
    const { chats: [group] } = ((await answerOf({ _: 'messages.createChat', users: [user_id], title: 'Group' })) as tl.messages.invitedUsers).updates as tl.updates;
    await ask({ _: 'messages.editChatAdmin', chat_id: group!.id, user_id, is_admin: true });
    const { chats: [seen] } = (await answerOf({ _: 'messages.getChats', id: [group!.id] }, bob.authKeyId)) as tl.messages.chats;
    expect((seen as tl.chat).admin_rights).toMatchObject({ ban_users: true, manage_call: undefined });

    // Before a call, apps ask for the numbers of the key. Then they say that this one cannot be called.
    const { g, p, random, version } = (await answerOf({ _: 'messages.getDhConfig', version: 0, random_length: 256 })) as tl.messages.dhConfig;
    expect([g, p.length, random.length]).toEqual([3, 256, 256]);
    expect(await answerOf({ _: 'messages.getDhConfig', version, random_length: 0 })).toMatchObject({ _: 'messages.dhConfigNotModified' });
    for (const random_length of [-1, 1025]) expect((await ask({ _: 'messages.getDhConfig', version, random_length })).error).toBe('RANDOM_LENGTH_INVALID');
    const protocol: tl.phoneCallProtocol = { _: 'phoneCallProtocol', udp_p2p: true, udp_reflector: true, min_layer: 65, max_layer: 92, library_versions: ['9.0.0'] };
    const callTo = (to: tl.InputUser) => ask({ _: 'phone.requestCall', user_id: to, random_id: 1, g_a_hash: new Uint8Array(32), protocol });
    expect((await callTo(user_id)).error).toBe('USER_PRIVACY_RESTRICTED');
    expect((await callTo(SELF)).error).toBe('USER_ID_INVALID');
  });

  it('refuses guests all other calls', async () => {
    const guest = await world.newKey();
    for (const query of [...USER_CALLS, ...emptyCalls]) {
      expect(await world.call(guest, query)).toMatchObject({ error: 'AUTH_KEY_UNREGISTERED', method: query._ });
    }
  });

  it.each(KEPT_LISTS)('lets clients keep the list of %s', async (_name, query) => {
    const ask = async (hash: bigint | number): Promise<{ _: string; hash?: bigint | number }> => {
      const { body } = await world.call(userKey, { ...query, hash } as tl.AnyMethod);
      return readResult(new TlReader(body), query._) as { _: string; hash?: bigint | number };
    };
    const { hash } = await ask(query.hash);
    expect(Number(hash)).not.toBe(0);
    expect((await ask(hash!))._).toMatch(/NotModified$/);
  });

  it.each(COMPUTED_LISTS)('leaves the hash of %s at 0, because clients compute it from the sets', async (name) => {
    const { body } = await world.call(userKey, { _: name, hash: 0n, offset: 0, limit: 10 });
    expect(readResult(new TlReader(body), name)).toMatchObject({ hash: 0n, sets: [] });
  });

  it('answers for good that nothing is sold here, and the same to everybody who asks', async () => {
    const ask = (query: tl.AnyMethod) => world.call(userKey, query);
    const answerOf = async (query: tl.AnyMethod): Promise<unknown> => readResult(new TlReader((await ask(query)).body), METHODS[query._].result);
    const create = async (kind: { broadcast?: true; megagroup?: true }): Promise<{ peer: tl.inputPeerChannel; channel: tl.inputChannel }> => {
      const { chats } = (await answerOf({ _: 'channels.createChannel', ...kind, title: 'Shop', about: '' })) as tl.updates;
      const { id: channel_id, access_hash = 0n } = chats.find((chat) => chat._ === 'channel')!;
      return { peer: { _: 'inputPeerChannel', channel_id, access_hash }, channel: { _: 'inputChannel', channel_id, access_hash } };
    };
    const [{ peer, channel }, { channel: group }] = [await create({ broadcast: true }), await create({ megagroup: true })];
    const noBoosts = { _: 'premium.boostsList', count: 0, boosts: [] };
    expect(await answerOf({ _: 'premium.getBoostsStatus', peer })).toMatchObject({ level: 100, boosts: 0, next_level_boosts: undefined });
    expect(await answerOf({ _: 'premium.getMyBoosts' })).toMatchObject({ my_boosts: [] });
    expect(await answerOf({ _: 'premium.getBoostsList', peer, offset: '', limit: 10 })).toMatchObject(noBoosts);
    expect(await answerOf({ _: 'premium.getUserBoosts', peer, user_id: SELF })).toMatchObject(noBoosts);
    expect((await ask({ _: 'premium.getUserBoosts', peer: SELF_PEER, user_id: SELF })).error).toBe('PEER_ID_INVALID');
    expect(await answerOf({ _: 'account.toggleSponsoredMessages', enabled: false })).toBe(true);
    expect(await answerOf({ _: 'channels.restrictSponsoredMessages', channel, restricted: true })).toMatchObject({ _: 'updates', updates: [] });
    expect((await ask({ _: 'channels.restrictSponsoredMessages', channel: group, restricted: true })).error).toBe('CHANNEL_INVALID');
    expect(await answerOf({ _: 'messages.getEmojiGameInfo' })).toEqual({ _: 'messages.emojiGameUnavailable' });
    expect((await ask({ _: 'payments.getGiveawayInfo', peer, msg_id: 1 })).error).toBe('MESSAGE_ID_INVALID');
    expect((await ask({ _: 'smsjobs.isEligibleToJoin' })).error).toBe('NOT_ELIGIBLE');
  });

  it('transcribes no voice message', async () => {
    const send = async (randomId: bigint, media: tl.InputMedia): Promise<number> => {
      const { body } = await world.call(userKey, { _: 'messages.sendMedia', peer: SELF_PEER, message: '', random_id: randomId, media });
      return ((readResult(new TlReader(body), 'messages.sendMedia') as tl.updates).updates.find((update) => update._ === 'updateMessageID') as tl.updateMessageID).id;
    };
    const transcribe = async (msg_id: number): Promise<string | undefined> => (await world.call(userKey, { _: 'messages.transcribeAudio', peer: SELF_PEER, msg_id })).error;
    await world.call(userKey, { _: 'upload.saveFilePart', file_id: 5n, file_part: 0, bytes: Uint8Array.of(1, 2, 3) });
    const voice = await send(1n, {
      _: 'inputMediaUploadedDocument', mime_type: 'audio/ogg', attributes: [{ _: 'documentAttributeAudio', voice: true, duration: 1 }],
      file: { _: 'inputFile', id: 5n, parts: 1, name: 'voice.ogg', md5_checksum: '' },
    });
    expect(await transcribe(voice)).toBe('TRANSCRIPTION_FAILED');
    expect(await transcribe(await send(2n, { _: 'inputMediaDice', emoticon: '🎲' }))).toBe('MSG_VOICE_MISSING');
    expect(await transcribe(9999)).toBe('MSG_ID_INVALID');
  });

  it('covers every method that has an empty form', () => {
    const called = new Set([...GUEST_CALLS, ...USER_CALLS, ...emptyCalls].map((query) => query._));
    const others = methods.filter((one) => one.empty !== undefined && !called.has(one.method)).map((one) => one.method);
    // The remaining methods, each with its own request.
    expect(others.toSorted()).toEqual([
      'account.getThemes',
      'messages.transcribeAudio',
      'payments.getSavedStarGifts', 'payments.getStarGifts', 'stories.getPinnedStories', 'stories.getStoriesByID',
    ]);
  });
});
