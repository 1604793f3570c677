import type { RpcMethod } from '@aerogram/rpc';

import { getUniqueGiftChatThemes as accountGetUniqueGiftChatThemes } from '../account/getUniqueGiftChatThemes.ts';
import { getTones as aicomposeGetTones } from '../aicompose/getTones.ts';
import { getPopularAppBots as botsGetPopularAppBots } from '../bots/getPopularAppBots.ts';
import { checkSearchPostsFlood as channelsCheckSearchPostsFlood } from '../channels/checkSearchPostsFlood.ts';
import { getAdminedPublicChannels as channelsGetAdminedPublicChannels } from '../channels/getAdminedPublicChannels.ts';
import { getChannelRecommendations as channelsGetChannelRecommendations } from '../channels/getChannelRecommendations.ts';
import { searchPosts as channelsSearchPosts } from '../channels/searchPosts.ts';
import { getExportedInvites as chatlistsGetExportedInvites } from '../chatlists/getExportedInvites.ts';
import { getJoinedCommunities as communitiesGetJoinedCommunities } from '../communities/getJoinedCommunities.ts';
import { getPremiumGiftCodeOptions as paymentsGetPremiumGiftCodeOptions } from '../payments/getPremiumGiftCodeOptions.ts';
import { getSavedStarGifts as paymentsGetSavedStarGifts } from '../payments/getSavedStarGifts.ts';
import { getStarGiftActiveAuctions as paymentsGetStarGiftActiveAuctions } from '../payments/getStarGiftActiveAuctions.ts';
import { getStarGiftCollections as paymentsGetStarGiftCollections } from '../payments/getStarGiftCollections.ts';
import { getStarGifts as paymentsGetStarGifts } from '../payments/getStarGifts.ts';
import { getStarsGiftOptions as paymentsGetStarsGiftOptions } from '../payments/getStarsGiftOptions.ts';
import { getStarsStatus as paymentsGetStarsStatus } from '../payments/getStarsStatus.ts';
import { getStarsSubscriptions as paymentsGetStarsSubscriptions } from '../payments/getStarsSubscriptions.ts';
import { getStarsTopupOptions as paymentsGetStarsTopupOptions } from '../payments/getStarsTopupOptions.ts';
import { getStarsTransactions as paymentsGetStarsTransactions } from '../payments/getStarsTransactions.ts';
import { getAlbums as storiesGetAlbums } from '../stories/getAlbums.ts';
import { getAllReadPeerStories as storiesGetAllReadPeerStories } from '../stories/getAllReadPeerStories.ts';
import { getAllStories as storiesGetAllStories } from '../stories/getAllStories.ts';
import { getPeerMaxIDs as storiesGetPeerMaxIDs } from '../stories/getPeerMaxIDs.ts';
import { getPeerStories as storiesGetPeerStories } from '../stories/getPeerStories.ts';
import { getPinnedStories as storiesGetPinnedStories } from '../stories/getPinnedStories.ts';
import { getStoriesArchive as storiesGetStoriesArchive } from '../stories/getStoriesArchive.ts';
import { getStoriesByID as storiesGetStoriesByID } from '../stories/getStoriesByID.ts';
import { getAllStickers as messagesGetAllStickers } from '../messages/getAllStickers.ts';
import { getArchivedStickers as messagesGetArchivedStickers } from '../messages/getArchivedStickers.ts';
import { getAttachMenuBots as messagesGetAttachMenuBots } from '../messages/getAttachMenuBots.ts';
import { getAvailableEffects as messagesGetAvailableEffects } from '../messages/getAvailableEffects.ts';
import { getCommonChats as messagesGetCommonChats } from '../messages/getCommonChats.ts';
import { getCustomEmojiDocuments as messagesGetCustomEmojiDocuments } from '../messages/getCustomEmojiDocuments.ts';
import { getEmojiGroups as messagesGetEmojiGroups } from '../messages/getEmojiGroups.ts';
import { getEmojiKeywords as messagesGetEmojiKeywords } from '../messages/getEmojiKeywords.ts';
import { getEmojiKeywordsDifference as messagesGetEmojiKeywordsDifference } from '../messages/getEmojiKeywordsDifference.ts';
import { getEmojiKeywordsLanguages as messagesGetEmojiKeywordsLanguages } from '../messages/getEmojiKeywordsLanguages.ts';
import { getEmojiProfilePhotoGroups as messagesGetEmojiProfilePhotoGroups } from '../messages/getEmojiProfilePhotoGroups.ts';
import { getEmojiStatusGroups as messagesGetEmojiStatusGroups } from '../messages/getEmojiStatusGroups.ts';
import { getEmojiStickerGroups as messagesGetEmojiStickerGroups } from '../messages/getEmojiStickerGroups.ts';
import { getEmojiStickers as messagesGetEmojiStickers } from '../messages/getEmojiStickers.ts';
import { getFavedStickers as messagesGetFavedStickers } from '../messages/getFavedStickers.ts';
import { getFeaturedEmojiStickers as messagesGetFeaturedEmojiStickers } from '../messages/getFeaturedEmojiStickers.ts';
import { getFeaturedStickers as messagesGetFeaturedStickers } from '../messages/getFeaturedStickers.ts';
import { getMaskStickers as messagesGetMaskStickers } from '../messages/getMaskStickers.ts';
import { getOldFeaturedStickers as messagesGetOldFeaturedStickers } from '../messages/getOldFeaturedStickers.ts';
import { getPaidReactionPrivacy as messagesGetPaidReactionPrivacy } from '../messages/getPaidReactionPrivacy.ts';
import { getQuickReplies as messagesGetQuickReplies } from '../messages/getQuickReplies.ts';
import { getRecentStickers as messagesGetRecentStickers } from '../messages/getRecentStickers.ts';
import { getSavedGifs as messagesGetSavedGifs } from '../messages/getSavedGifs.ts';
import { getSponsoredMessages as messagesGetSponsoredMessages } from '../messages/getSponsoredMessages.ts';
import { getStickers as messagesGetStickers } from '../messages/getStickers.ts';
import { getStickerSet as messagesGetStickerSet } from '../messages/getStickerSet.ts';
import { searchCustomEmoji as messagesSearchCustomEmoji } from '../messages/searchCustomEmoji.ts';
import { searchEmojiStickerSets as messagesSearchEmojiStickerSets } from '../messages/searchEmojiStickerSets.ts';
import { searchStickers as messagesSearchStickers } from '../messages/searchStickers.ts';
import { searchStickerSets as messagesSearchStickerSets } from '../messages/searchStickerSets.ts';

/** Features that are not there yet: typed empty answers, so that official clients can start and open their pages. */
export const emptyMethods: readonly RpcMethod[] = [
  accountGetUniqueGiftChatThemes,
  aicomposeGetTones,
  botsGetPopularAppBots,
  channelsCheckSearchPostsFlood,
  channelsGetAdminedPublicChannels,
  channelsGetChannelRecommendations,
  channelsSearchPosts,
  chatlistsGetExportedInvites,
  communitiesGetJoinedCommunities,
  paymentsGetPremiumGiftCodeOptions,
  paymentsGetSavedStarGifts,
  paymentsGetStarGiftActiveAuctions,
  paymentsGetStarGiftCollections,
  paymentsGetStarGifts,
  paymentsGetStarsGiftOptions,
  paymentsGetStarsStatus,
  paymentsGetStarsSubscriptions,
  paymentsGetStarsTopupOptions,
  paymentsGetStarsTransactions,
  storiesGetAlbums,
  storiesGetAllReadPeerStories,
  storiesGetAllStories,
  storiesGetPeerMaxIDs,
  storiesGetPeerStories,
  storiesGetPinnedStories,
  storiesGetStoriesArchive,
  storiesGetStoriesByID,
  messagesGetAllStickers,
  messagesGetArchivedStickers,
  messagesGetAttachMenuBots,
  messagesGetAvailableEffects,
  messagesGetCommonChats,
  messagesGetCustomEmojiDocuments,
  messagesGetEmojiGroups,
  messagesGetEmojiKeywords,
  messagesGetEmojiKeywordsDifference,
  messagesGetEmojiKeywordsLanguages,
  messagesGetEmojiProfilePhotoGroups,
  messagesGetEmojiStatusGroups,
  messagesGetEmojiStickerGroups,
  messagesGetEmojiStickers,
  messagesGetFavedStickers,
  messagesGetFeaturedEmojiStickers,
  messagesGetFeaturedStickers,
  messagesGetMaskStickers,
  messagesGetOldFeaturedStickers,
  messagesGetPaidReactionPrivacy,
  messagesGetQuickReplies,
  messagesGetRecentStickers,
  messagesGetSavedGifs,
  messagesGetSponsoredMessages,
  messagesGetStickers,
  messagesGetStickerSet,
  messagesSearchCustomEmoji,
  messagesSearchEmojiStickerSets,
  messagesSearchStickers,
  messagesSearchStickerSets,
];
