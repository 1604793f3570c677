import { expect } from 'vitest';
import { BOOT_CALLS, channelIdOf, inputPeer, inputUser, type CallSpec } from './boot-calls.ts';

const SELF_PEER = { _: 'inputPeerSelf' } as const;

/** The answer of a feature that does not exist yet: the given fields, and whatever else the layer has. */
const empty = (args: object, answer: object): CallSpec => ({ args: () => args, check: (got) => expect(got).toMatchObject(answer) });

const sameAsAtBoot = (...methods: string[]): Record<string, CallSpec> => Object.fromEntries(methods.map((method) => [method, BOOT_CALLS[method]!]));

const noStars = (args: object): CallSpec => empty({ peer: SELF_PEER, ...args }, { _: 'payments.starsStatus', balance: { amount: 0n } });
const noStories = (args: object): CallSpec => empty({ peer: SELF_PEER, ...args }, { count: 0, stories: [] });
/** Animals, of stickers and of custom emoji. */
const animals = (more: object): CallSpec => empty({ q: 'cat', hash: 0n }, { _: 'messages.foundStickerSets', ...more });

/** The calls of the four clients when other pages are opened: profiles, search, settings, the sticker panel, gifts. */
export const PAGE_CALLS: Record<string, CallSpec> = {
  ...sameAsAtBoot('help.getPremiumPromo', 'messages.getCustomEmojiDocuments', 'messages.getPaidReactionPrivacy', 'messages.getStickerSet'),
  'account.getUniqueGiftChatThemes': empty({ offset: '', limit: 20, hash: 0n }, { _: 'account.chatThemes', themes: [] }),
  'account.updateWebBrowserSettings': empty({ open_external_browser: true }, { _: 'account.webBrowserSettings', open_external_browser: true }),
  'account.toggleWebBrowserSettingsException': empty(
    { open_external_browser: false, url: 'https://www.example.org/page' },
    { _: 'updates', updates: [{ _: 'updateWebBrowserException', exception: { domain: 'example.org', url: 'https://www.example.org/' } }] },
  ),
  'account.getWebBrowserSettings': empty(
    { hash: 0n },
    { _: 'account.webBrowserSettings', open_external_browser: true, external_exceptions: [], inapp_exceptions: [{ domain: 'example.org', title: 'example.org' }] },
  ),
  'account.deleteWebBrowserSettingsExceptions': empty({}, { _: 'account.webBrowserSettings', open_external_browser: true, inapp_exceptions: [] }),
  'bots.getPopularAppBots': empty({ offset: '', limit: 20 }, { _: 'bots.popularAppBots', users: [] }),
  'channels.checkSearchPostsFlood': empty({ query: 'x' }, { _: 'searchPostsFlood', query_is_free: true, stars_amount: 0n }),
  // A client that does not learn that there are none asks again at once.
  'channels.searchPosts': empty({ hashtag: 'x', offset_rate: 0, offset_peer: { _: 'inputPeerEmpty' }, offset_id: 0, limit: 20 }, { _: 'messages.messagesSlice', count: 0, messages: [] }),
  'chatlists.getExportedInvites': empty({ chatlist: { _: 'inputChatlistDialogFilter', filter_id: 2 } }, { _: 'chatlists.exportedInvites', invites: [] }),
  'communities.getJoinedCommunities': empty({}, { _: 'messages.chats', chats: [] }),
  'messages.getArchivedStickers': empty({ offset_id: 0n, limit: 20 }, { _: 'messages.archivedStickers', count: 0, sets: [] }),
  'messages.getCommonChats': {
    args: (replay) => ({ user_id: inputUser(replay, 'bob'), max_id: 0n, limit: 20 }),
    check(answer, { story }) {
      expect(answer).toMatchObject({ _: 'messages.chats' });
      const { chats } = answer as { chats: { _: string; id: bigint }[] };
      expect(new Set(chats.map(({ _, id }) => `${_} ${id}`))).toEqual(new Set([`chat ${story.groupId}`, `channel ${channelIdOf(story)}`]));
    },
  },
  'messages.getOldFeaturedStickers': empty({ offset: 0, limit: 20, hash: 0n }, { _: 'messages.featuredStickers', count: 0, sets: [] }),
  'messages.searchCustomEmoji': empty({ emoticon: '👍', hash: 0n }, { _: 'emojiList', document_id: expect.arrayContaining([expect.any(BigInt)]) }),
  'messages.searchEmojiStickerSets': animals({}),
  'messages.searchStickerSets': animals({}),
  'messages.searchStickers': empty({ q: 'cat', emoticon: '', lang_code: [], offset: 0, limit: 20, hash: 0n }, { _: 'messages.foundStickers' }),
  'payments.getPremiumGiftCodeOptions': { check: (answer) => expect(answer).toEqual([]) },
  'payments.getStarGiftActiveAuctions': empty({ hash: 0n }, { _: 'payments.starGiftActiveAuctions', auctions: [] }),
  'payments.getStarGiftCollections': empty({ peer: SELF_PEER, hash: 0n }, { _: 'payments.starGiftCollections', collections: [] }),
  'payments.getStarsGiftOptions': { check: (answer) => expect(answer).toEqual([]) },
  'payments.getStarsStatus': noStars({}),
  'payments.getStarsSubscriptions': noStars({ offset: '' }),
  'payments.getStarsTopupOptions': { check: (answer) => expect(answer).toEqual([]) },
  'payments.getStarsTransactions': noStars({ offset: '', limit: 20 }),
  'stories.getAlbums': {
    args: (replay) => ({ peer: inputPeer(replay, 'bob'), hash: 0n }),
    check: (answer) => expect(answer).toMatchObject({ _: 'stories.albums', albums: [] }),
  },
  'stories.getPinnedStories': noStories({ offset_id: 0, limit: 20 }),
  'stories.getStoriesArchive': noStories({ offset_id: 0, limit: 20 }),
};
