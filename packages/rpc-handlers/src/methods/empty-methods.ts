import type { RpcMethod } from '@aerogram/rpc';

import { getTones as aicomposeGetTones } from '../aicompose/getTones.ts';
import { getAdminedPublicChannels as channelsGetAdminedPublicChannels } from '../channels/getAdminedPublicChannels.ts';
import { getChannelRecommendations as channelsGetChannelRecommendations } from '../channels/getChannelRecommendations.ts';
import { getSavedStarGifts as paymentsGetSavedStarGifts } from '../payments/getSavedStarGifts.ts';
import { getStarGifts as paymentsGetStarGifts } from '../payments/getStarGifts.ts';
import { getStarsStatus as paymentsGetStarsStatus } from '../payments/getStarsStatus.ts';
import { getAllReadPeerStories as storiesGetAllReadPeerStories } from '../stories/getAllReadPeerStories.ts';
import { getAllStories as storiesGetAllStories } from '../stories/getAllStories.ts';
import { getPeerMaxIDs as storiesGetPeerMaxIDs } from '../stories/getPeerMaxIDs.ts';
import { getPeerStories as storiesGetPeerStories } from '../stories/getPeerStories.ts';
import { getPinnedStories as storiesGetPinnedStories } from '../stories/getPinnedStories.ts';
import { getStoriesByID as storiesGetStoriesByID } from '../stories/getStoriesByID.ts';
import { getAllStickers as messagesGetAllStickers } from '../messages/getAllStickers.ts';
import { getAttachMenuBots as messagesGetAttachMenuBots } from '../messages/getAttachMenuBots.ts';
import { getAvailableEffects as messagesGetAvailableEffects } from '../messages/getAvailableEffects.ts';
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
import { getPaidReactionPrivacy as messagesGetPaidReactionPrivacy } from '../messages/getPaidReactionPrivacy.ts';
import { getQuickReplies as messagesGetQuickReplies } from '../messages/getQuickReplies.ts';
import { getRecentStickers as messagesGetRecentStickers } from '../messages/getRecentStickers.ts';
import { getSavedGifs as messagesGetSavedGifs } from '../messages/getSavedGifs.ts';
import { getSponsoredMessages as messagesGetSponsoredMessages } from '../messages/getSponsoredMessages.ts';
import { getStickerSet as messagesGetStickerSet } from '../messages/getStickerSet.ts';
import { getStickers as messagesGetStickers } from '../messages/getStickers.ts';

/** Features that are not there yet: typed empty answers, so that official clients can start. */
export const emptyMethods: readonly RpcMethod[] = [
  aicomposeGetTones,
  channelsGetAdminedPublicChannels,
  channelsGetChannelRecommendations,
  paymentsGetSavedStarGifts,
  paymentsGetStarGifts,
  paymentsGetStarsStatus,
  storiesGetAllReadPeerStories,
  storiesGetAllStories,
  storiesGetPeerMaxIDs,
  storiesGetPeerStories,
  storiesGetPinnedStories,
  storiesGetStoriesByID,
  messagesGetAllStickers,
  messagesGetAttachMenuBots,
  messagesGetAvailableEffects,
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
  messagesGetPaidReactionPrivacy,
  messagesGetQuickReplies,
  messagesGetRecentStickers,
  messagesGetSavedGifs,
  messagesGetSponsoredMessages,
  messagesGetStickerSet,
  messagesGetStickers,
];
