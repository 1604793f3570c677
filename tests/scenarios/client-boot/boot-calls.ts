import { expect } from 'vitest';
import { ABOUT, toBigInt, type BootStory } from './boot-story.ts';
import type { LayerAnswer, LayerClient } from './layer-client.ts';

/** A document as a client keeps it. */
interface KnownDocument {
  id: bigint;
  access_hash: bigint;
  file_reference: Uint8Array;
  size: bigint | number;
}

/** State of a client that replays the calls. */
export interface Replay {
  story: BootStory;
  client: LayerClient;
  /** The app's language pack, and the version that the client got. */
  langPack: string;
  langVersion: number;
  /** The picture of the first reaction. */
  icon?: KnownDocument;
  /** Position of the message box when the app was closed. */
  since: { pts: number; date: number };
}

/** How a method is called, and what its answer must contain. */
export interface CallSpec {
  /** One call, or several in a row. */
  args?: (replay: Replay) => object | readonly object[];
  /** Replaces the ordinary call. */
  call?: (replay: Replay) => Promise<LayerAnswer>;
  /** What the client keeps of the answer. */
  keep?: (answer: unknown, replay: Replay) => void;
  check?: (answer: unknown, replay: Replay, args: Record<string, unknown>) => void;
  /** The expected answer is this error. */
  refused?: string;
}

interface Dialog {
  _: string;
  peer: { _: string; user_id: bigint; chat_id?: bigint; channel_id?: bigint };
  pts?: number;
  top_message: number;
  unread_count?: number;
}

const SELF = { _: 'inputUserSelf' } as const;
const SELF_PEER = { _: 'inputPeerSelf' } as const;
const NO_PEER = { _: 'inputPeerEmpty' } as const;
const SERVICE_CHAT = 777_000n;
/** Language packs that the server has. Web clients have their own texts, and use older ones from these packs. */
const FILLED_PACKS = ['android', 'ios', 'tdesktop', 'macos'];

/** The sticker sets that clients request by purpose. */
const SETS_BY_PURPOSE = [
  { _: 'inputStickerSetAnimatedEmoji' }, { _: 'inputStickerSetAnimatedEmojiAnimations' }, { _: 'inputStickerSetEmojiGenericAnimations' },
  { _: 'inputStickerSetPremiumGifts' }, { _: 'inputStickerSetTonGifts' }, { _: 'inputStickerSetEmojiDefaultStatuses' },
  { _: 'inputStickerSetEmojiChannelDefaultStatuses' }, { _: 'inputStickerSetEmojiDefaultTopicIcons' },
  ...['🎲', '🎯', '🏀', '⚽️', '🎳', '🎰'].map((emoticon) => ({ _: 'inputStickerSetDice', emoticon })),
];

export const nowDate = (): number => Math.floor(Date.now() / 1000);

/** Bob, Carol … as Alice names them. */
export function inputPeer({ story }: Replay, who: 'bob' | 'carol'): { _: string; user_id: bigint; access_hash: bigint } {
  const other = story[who];
  return { _: 'inputPeerUser', user_id: BigInt(other.id), access_hash: toBigInt(story.alice.main.accessHashes.get(other.id)!) };
}

export function inputUser(replay: Replay, who: 'bob' | 'carol'): object {
  return { ...inputPeer(replay, who), _: 'inputUser' };
}

/** The plain id of the supergroup. */
export function channelIdOf({ supergroup }: BootStory): bigint {
  return BigInt(-supergroup.id) - 10n ** 12n;
}

/** The supergroup as Alice names it where any peer may stand. */
export function inputSupergroup(replay: Replay): object {
  return { ...inputChannel(replay), _: 'inputPeerChannel' };
}

/** The supergroup as Alice names it. */
export function inputChannel({ story }: Replay): object {
  return { _: 'inputChannel', channel_id: channelIdOf(story), access_hash: toBigInt(story.alice.main.accessHashes.get(story.supergroup.id)!) };
}

/** Every user named by dialogs and messages must be in the answer, once. */
export function checkClosure(answer: unknown): void {
  const { users, ...rest } = answer as { users: { id: bigint }[] };
  const named = new Set<bigint>();
  const walk = (value: unknown): void => {
    if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return;
    if ('_' in value && value._ === 'peerUser') named.add((value as unknown as { user_id: bigint }).user_id);
    for (const one of Object.values(value)) walk(one);
  };
  walk(rest);
  const ids = users.map((user) => user.id);
  expect(new Set(ids).size).toBe(ids.length);
  expect([...named].filter((id) => !ids.includes(id))).toEqual([]);
}

function checkDialogs(answer: unknown, { story }: Replay): void {
  checkClosure(answer);
  const { dialogs, messages } = answer as { dialogs: Dialog[]; messages: { id: number }[] };
  const tops = new Set(messages.map((message) => message.id));
  for (const dialog of dialogs) expect(tops.has(dialog.top_message)).toBe(true);
  const { alice, bob, carol, erin, unread, groupId } = story;
  const channelId = channelIdOf(story);
  expect(dialogs.filter((dialog) => dialog.peer._ === 'peerChat')).toMatchObject([{ peer: { chat_id: BigInt(groupId) } }]);
  expect(dialogs.filter((dialog) => dialog.peer._ === 'peerChannel')).toMatchObject([{ peer: { channel_id: channelId }, unread_count: 0, pts: expect.any(Number) as unknown }]);
  const { chats } = answer as { chats: { _: string }[] };
  // Plain ids of groups and channels may be equal.
  expect(chats.toSorted((a, b) => (a._ < b._ ? -1 : 1))).toMatchObject([
    { _: 'channel', id: channelId, title: 'Hiking', creator: true, megagroup: true },
    { _: 'chat', id: BigInt(groupId), title: 'Climbing', creator: true },
  ]);
  const listed = dialogs.filter((dialog) => dialog._ === 'dialog' && dialog.peer._ === 'peerUser' && dialog.peer.user_id !== SERVICE_CHAT);
  expect(listed.map((dialog) => Number(dialog.peer.user_id)).toSorted((a, b) => a - b)).toEqual([alice, bob, carol, erin].map(({ id }) => id).toSorted((a, b) => a - b));
  expect(dialogs.filter((dialog) => dialog._ === 'dialogFolder')).toMatchObject([{ folder: { id: 1 }, unread_unmuted_messages_count: 1 }]);
  const of = (id: number): Dialog | undefined => listed.find((dialog) => Number(dialog.peer.user_id) === id);
  expect(of(bob.id)).toMatchObject({ pinned: true, unread_count: unread, unread_reactions_count: 1 });
  expect(of(carol.id)).toMatchObject({ unread_count: 1, unread_mark: true, draft: { _: 'draftMessage', message: 'half a thought' }, notify_settings: { mute_until: 2 ** 31 - 1 } });
}

/** Requests the whole pack of the app, and the older packs whose texts it also uses. */
const langPacks: CallSpec = {
  args: ({ langPack }) => [langPack, ...(langPack.startsWith('web') ? FILLED_PACKS : [])].map((lang_pack) => ({ lang_pack, lang_code: 'en' })),
  keep(answer, replay) {
    replay.langVersion = (answer as { version: number }).version;
  },
  check(answer, _replay, { lang_pack }) {
    expect(answer).toMatchObject({ _: 'langPackDifference', lang_code: 'en', from_version: 0 });
    const { strings } = answer as { strings: unknown[] };
    expect({ lang_pack, filled: strings.length > 0 }).toEqual({ lang_pack, filled: FILLED_PACKS.includes(lang_pack as string) });
  },
};

/** Lists that are empty on this server; the request contains only a hash. */
const byHash = (answered: string, hash: 0 | 0n = 0n): CallSpec => ({
  args: () => ({ hash }),
  check: (answer) => expect(answer).toMatchObject({ _: answered }),
});

/** The calls of the four clients at start. */
export const BOOT_CALLS: Record<string, CallSpec> = {
  invokeAfterMsg: {
    call: ({ client }) => client.call('help.getNearestDc', {}, { _: 'invokeAfterMsg', msg_id: client.send('updates.getState') }),
    check: (answer, { client }) => expect(answer).toMatchObject({ this_dc: client.server.dc_id }),
  },
  invokeAfterMsgs: {
    call: ({ client }) => client.call('help.getNearestDc', {}, { _: 'invokeAfterMsgs', msg_ids: [client.send('updates.getState'), client.send('help.getConfig')] }),
    check: (answer, { client }) => expect(answer).toMatchObject({ this_dc: client.server.dc_id }),
  },
  'auth.bindTempAuthKey': { call: ({ client }) => client.bindTempKey(), check: (answer) => expect(answer).toBe(true) },
  'help.getConfig': {
    check(answer, { client }) {
      const { host: ip_address, port } = client.server.mtproto;
      const here = { ip_address, port };
      expect(answer).toMatchObject({ _: 'config', test_mode: false, this_dc: client.server.dc_id, dc_options: [1, 2, 3, 4, 5].map((id) => ({ id, ...here })) });
      expect((answer as { expires: number }).expires).toBeGreaterThan(nowDate() + 3000);
      expect(answer).toMatchObject({ suggested_lang_code: 'en', lang_pack_version: expect.any(Number) as unknown });
    },
  },
  'help.getAppConfig': {
    ...byHash('help.appConfig', 0),
    check(answer) {
      expect(answer).toMatchObject({ _: 'help.appConfig', config: { _: 'jsonObject' } });
      const { value: entries } = (answer as { config: { value: { key: string; value: unknown }[] } }).config;
      const config = Object.fromEntries(entries.map(({ key, value }) => [key, value]));
      for (const key of ['dialog_filters_enabled', 'premium_purchase_blocked', 'stars_purchase_blocked', 'stargifts_blocked']) {
        expect(config[key], key).toEqual({ _: 'jsonBool', value: true });
      }
      // What subscribers of Premium would be offered.
      for (const key of ['translations_auto_enabled', 'translations_manual_enabled']) expect(config[key], key).toEqual({ _: 'jsonString', value: 'disabled' });
      for (const key of ['fragment_prefixes', 'autologin_domains']) expect(config[key], key).toEqual({ _: 'jsonArray', value: [] });
    },
  },
  'help.getNearestDc': { check: (answer, { client }) => expect(answer).toMatchObject({ _: 'nearestDc', this_dc: client.server.dc_id }) },
  'help.getPeerColors': byHash('help.peerColors', 0),
  'help.getPeerProfileColors': byHash('help.peerColors', 0),
  'help.getPromoData': { check: (answer) => expect(answer).toMatchObject({ _: 'help.promoDataEmpty' }) },
  // Clients read the first period without checking that it exists, and divide by the months and the amount.
  'help.getPremiumPromo': { check: (answer) => expect(answer).toMatchObject({ _: 'help.premiumPromo', period_options: [{ months: 1, amount: 1n }] }) },
  'help.getTermsOfServiceUpdate': { check: (answer) => expect(answer).toMatchObject({ _: 'help.termsOfServiceUpdateEmpty' }) },
  'help.getTimezonesList': {
    args: () => ({ hash: 0 }),
    check: (answer) => expect((answer as { timezones: { id: string }[] }).timezones.map(({ id }) => id)).toContain('Europe/Berlin'),
  },
  'help.getCountriesList': {
    args: () => ({ lang_code: 'en', hash: 0 }),
    check: (answer) => expect((answer as { countries: object[] }).countries).toContainEqual(expect.objectContaining({ iso2: 'DE', default_name: 'Germany' })),
  },
  'langpack.getLangPack': langPacks,
  'langpack.getDifference': {
    args: ({ langPack, langVersion }) => ({ lang_pack: langPack, lang_code: 'en', from_version: langVersion }),
    check: (answer, { langVersion }) => expect(answer).toMatchObject({ from_version: langVersion, version: langVersion, strings: [] }),
  },
  'updates.getState': {
    check(answer, { story }) {
      expect(answer).toMatchObject({ _: 'updates.state', pts: story.alice.main.state.pts, seq: 0 });
      expect((answer as { unread_count: number }).unread_count).toBeGreaterThanOrEqual(story.unread);
    },
  },
  'updates.getDifference': {
    // As after a reload; one client does not announce secret chats.
    args: ({ since }) => ({ ...since, qts: -1 }),
    check(answer, { story }) {
      expect(answer).toMatchObject({ _: 'updates.difference', new_messages: [{ message: story.lastText }], state: { pts: story.alice.main.state.pts, seq: 0 } });
      checkClosure(answer);
    },
  },
  'users.getFullUser': {
    args: () => ({ id: SELF }),
    check: (answer, { story: { alice } }) =>
      expect(answer).toMatchObject({ full_user: { id: BigInt(alice.id), about: ABOUT }, users: [{ self: true, phone: alice.phone, first_name: 'Alice' }] }),
  },
  'contacts.getContacts': {
    ...byHash('contacts.contacts'),
    check(answer, { story }) {
      const { contacts } = answer as { contacts: { user_id: bigint; mutual: boolean }[] };
      expect(contacts.map(({ user_id }) => Number(user_id)).toSorted((a, b) => a - b)).toEqual([story.bob, story.carol, story.dave, story.erin].map(({ id }) => id).toSorted((a, b) => a - b));
      expect(contacts.find(({ user_id }) => Number(user_id) === story.bob.id)).toMatchObject({ mutual: true });
    },
  },
  'contacts.getTopPeers': {
    args: () => ({ correspondents: true, offset: 0, limit: 30, hash: 0n }),
    check: (answer, { story }) =>
      expect(answer).toMatchObject({ _: 'contacts.topPeers', categories: [{ category: { _: 'topPeerCategoryCorrespondents' }, peers: [{ peer: { user_id: BigInt(story.bob.id) } }] }] }),
  },
  'contacts.getBirthdays': { check: (answer, { story }) => expect(answer).toMatchObject({ contacts: [{ contact_id: BigInt(story.bob.id) }] }) },
  'account.updateStatus': { args: () => ({ offline: false }), check: (answer) => expect(answer).toBe(true) },
  'account.getAuthorizations': {
    check(answer) {
      const { authorizations } = answer as { authorizations: { current?: boolean; ip: string }[] };
      expect(authorizations.filter(({ current }) => current)).toMatchObject([{ ip: '127.0.0.1', app_name: expect.any(String) as unknown }]);
      expect(authorizations.length).toBeGreaterThan(1);
    },
  },
  'account.getPassword': { check: (answer) => expect(answer).toMatchObject({ has_password: true, has_recovery: true, hint: 'a horse' }) },
  'account.getContactSignUpNotification': { check: (answer) => expect(answer).toBe(false) },
  'account.setContactSignUpNotification': { args: () => ({ silent: false }), check: (answer) => expect(answer).toBe(true) },
  'account.getContentSettings': { check: (answer) => expect(answer).toMatchObject({ _: 'account.contentSettings' }) },
  'account.getNotifySettings': {
    args: () => ['inputNotifyUsers', 'inputNotifyChats', 'inputNotifyBroadcasts'].map((_) => ({ peer: { _ } })),
    check: (answer) => expect(answer).toMatchObject({ _: 'peerNotifySettings' }),
  },
  'account.getNotifyExceptions': {
    check: (answer, { story }) =>
      expect(answer).toMatchObject({ _: 'updates', updates: [{ _: 'updateNotifySettings', peer: { peer: { user_id: BigInt(story.carol.id) } }, notify_settings: { mute_until: 2 ** 31 - 1 } }] }),
  },
  'account.getReactionsNotifySettings': { check: (answer) => expect(answer).toMatchObject({ _: 'reactionsNotifySettings' }) },
  'account.getThemes': { args: () => ({ format: 'webk', hash: 0n }), check: (answer) => expect(answer).toMatchObject({ _: 'account.themes' }) },
  'account.getChatThemes': byHash('account.themes'),
  'account.getAutoSaveSettings': { check: (answer) => expect(answer).toMatchObject({ _: 'account.autoSaveSettings' }) },
  'account.getWebBrowserSettings': byHash('account.webBrowserSettings'),
  'account.getSavedRingtones': byHash('account.savedRingtones'),
  'account.getSavedMusicIds': byHash('account.savedMusicIds'),
  'account.getDefaultGroupPhotoEmojis': byHash('emojiList'),
  'account.getDefaultProfilePhotoEmojis': byHash('emojiList'),
  'account.getDefaultBackgroundEmojis': byHash('emojiList'),
  'account.getChannelRestrictedStatusEmojis': byHash('emojiList'),
  'account.getDefaultEmojiStatuses': byHash('account.emojiStatuses'),
  'account.getChannelDefaultEmojiStatuses': byHash('account.emojiStatuses'),
  'account.getRecentEmojiStatuses': byHash('account.emojiStatuses'),
  'account.getCollectibleEmojiStatuses': byHash('account.emojiStatuses'),
  'aicompose.getTones': byHash('aicompose.tones'),
  'channels.getAdminedPublicChannels': { args: () => ({ for_personal: true }), check: (answer) => expect(answer).toMatchObject({ _: 'messages.chats', chats: [] }) },
  'messages.getDialogs': {
    args: () => ({ folder_id: 0, offset_date: 0, offset_id: 0, offset_peer: NO_PEER, limit: 100, hash: 0n }),
    check: checkDialogs,
  },
  'messages.getPinnedDialogs': {
    args: () => ({ folder_id: 0 }),
    check(answer, { story }) {
      checkClosure(answer);
      const archive = { _: 'dialogFolder', folder: { id: 1 }, peer: { user_id: BigInt(story.dave.id) } };
      expect(answer).toMatchObject({ dialogs: [archive, { peer: { user_id: BigInt(story.bob.id) }, unread_count: story.unread }], state: { pts: story.alice.main.state.pts } });
    },
  },
  'messages.getPeerDialogs': {
    args: (replay) => ({ peers: [{ _: 'inputDialogPeer', peer: inputPeer(replay, 'bob') }] }),
    check(answer, { story }) {
      checkClosure(answer);
      expect(answer).toMatchObject({ dialogs: [{ pinned: true, unread_count: story.unread, unread_reactions_count: 1 }], messages: [{ message: story.lastText }] });
    },
  },
  'messages.getDialogFilters': {
    check: (answer, { story }) =>
      expect(answer).toMatchObject({ filters: [{ _: 'dialogFilterDefault' }, { id: 2, title: { text: 'Friends' }, contacts: true, pinned_peers: [{ user_id: BigInt(story.bob.id) }] }] }),
  },
  'messages.getAllDrafts': {
    check: (answer, { story }) =>
      expect(answer).toMatchObject({ _: 'updates', updates: [{ _: 'updateDraftMessage', peer: { user_id: BigInt(story.carol.id) }, draft: { message: 'half a thought' } }] }),
  },
  'messages.getSavedDialogs': {
    args: () => ({ offset_date: 0, offset_id: 0, offset_peer: NO_PEER, limit: 20, hash: 0n }),
    check(answer, { story }) {
      checkClosure(answer);
      expect((answer as { dialogs: Dialog[] }).dialogs.map(({ peer }) => Number(peer.user_id))).toEqual([story.carol.id, story.bob.id]);
    },
  },
  'messages.getPinnedSavedDialogs': { check: (answer) => expect(answer).toMatchObject({ _: 'messages.savedDialogs', dialogs: [] }) },
  'messages.getRecentReactions': {
    args: () => ({ limit: 50, hash: 0n }),
    check: (answer) => expect(answer).toMatchObject({ reactions: [{ _: 'reactionEmoji', emoticon: '🤔' }] }),
  },
  'messages.getTopReactions': {
    args: () => ({ limit: 100, hash: 0n }),
    // Used reactions, including the tag of a saved message, come before other popular ones.
    check: (answer) => expect((answer as { reactions: { emoticon: string }[] }).reactions.slice(0, 2).map(({ emoticon }) => emoticon).toSorted()).toEqual(['❤', '🤔']),
  },
  'messages.getDefaultTagReactions': byHash('messages.reactions'),
  'messages.getSavedReactionTags': {
    args: () => ({ hash: 0n }),
    check: (answer) => expect(answer).toMatchObject({ _: 'messages.savedReactionTags', tags: [{ reaction: { emoticon: '❤' }, count: 1 }] }),
  },
  'messages.getAvailableReactions': {
    args: () => ({ hash: 0 }),
    keep(answer, replay) {
      replay.icon = (answer as { reactions: { static_icon: KnownDocument }[] }).reactions[0]!.static_icon;
    },
    check(answer, { client }) {
      const { reactions } = answer as { reactions: Record<string, unknown>[] };
      expect(reactions[0]).toMatchObject({ reaction: '👍', title: 'Thumbs Up', static_icon: { mime_type: 'image/webp' }, center_icon: { thumbs: [{ _: 'photoSize', type: 'm' }] }, effect_animation: { mime_type: 'application/x-tgsticker', dc_id: client.server.dc_id } });
      expect(reactions).toHaveLength(73);
    },
  },
  'upload.getFile': {
    args: ({ icon }) => ({ flags: 0, location: { ...icon, _: 'inputDocumentFileLocation', thumb_size: '' }, offset: 0n, limit: 65_536 }),
    check: (answer, { icon }) => expect(answer).toMatchObject({ _: 'upload.file', type: { _: 'storage.fileWebp' }, bytes: { length: Number(icon!.size) } }),
  },
  'messages.getAvailableEffects': byHash('messages.availableEffects', 0),
  'messages.getPaidReactionPrivacy': { check: (answer) => expect(answer).toMatchObject({ _: 'updates', updates: [{ _: 'updatePaidReactionPrivacy' }] }) },
  'messages.getAttachMenuBots': byHash('attachMenuBots'),
  'messages.getQuickReplies': byHash('messages.quickReplies'),
  'messages.getEmojiKeywordsDifference': { args: () => ({ lang_code: 'en', from_version: 0 }), check: (answer) => expect(answer).toMatchObject({ _: 'emojiKeywordsDifference', lang_code: 'en' }) },
  'messages.getCustomEmojiDocuments': {
    args: () => ({ document_id: [3n, 1n, 2n] }),
    check: (answer) => expect(answer).toEqual([3n, 1n, 2n].map((id) => ({ _: 'documentEmpty', id }))),
  },
  'messages.getStickers': { args: () => ({ emoticon: '👋⭐️', hash: 0n }), check: (answer) => expect(answer).toMatchObject({ stickers: [{ _: 'document' }, { _: 'document' }] }) },
  'messages.getStickerSet': {
    args: ({ client }) =>
      SETS_BY_PURPOSE.filter(({ _ }) => client.schema.byName.has(_)).map((stickerset) => ({ stickerset, hash: 0 })),
    check: (answer) => {
      const { set, packs, documents } = answer as { set: { count: number; title: string }; packs: { documents: unknown[] }[]; documents: unknown[] };
      expect(answer).toMatchObject({ _: 'messages.stickerSet', set: { official: true } });
      expect([packs.flatMap((pack) => pack.documents).length, documents.length]).toEqual([set.count, set.count]);
      // One client draws an animation by chance, and fails if there is none. There are no gifts.
      expect(set.count > 0).toBe(!/Gifts/.test(set.title));
    },
  },
  'messages.getSavedGifs': byHash('messages.savedGifs'),
  'messages.getAllStickers': byHash('messages.allStickers'),
  'messages.getMaskStickers': byHash('messages.allStickers'),
  'messages.getEmojiStickers': byHash('messages.allStickers'),
  'messages.getFavedStickers': byHash('messages.favedStickers'),
  'messages.getRecentStickers': byHash('messages.recentStickers'),
  'messages.getFeaturedStickers': byHash('messages.featuredStickers'),
  'messages.getFeaturedEmojiStickers': byHash('messages.featuredStickers'),
  'payments.getStarsStatus': { args: () => ({ peer: SELF_PEER }), check: (answer) => expect(answer).toMatchObject({ _: 'payments.starsStatus' }) },
  'payments.getStarGifts': { args: () => ({ hash: 0 }), check: (answer) => expect(answer).toMatchObject({ gifts: [] }) },
  'payments.getSavedStarGifts': { args: () => ({ peer: SELF_PEER, offset: '', limit: 50 }), check: (answer) => expect(answer).toMatchObject({ count: 0, gifts: [] }) },
  'stories.getAllStories': { check: (answer) => expect(answer).toMatchObject({ _: 'stories.allStories', count: 0, peer_stories: [] }) },
  'stories.getAllReadPeerStories': { check: (answer) => expect(answer).toMatchObject({ _: 'updates' }) },
};
