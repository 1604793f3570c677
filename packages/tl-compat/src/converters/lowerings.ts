// Register of hand-written lowerings: newest object → old form. `npm run codegen` reads the keys from here and says which are missing.
import type { Lowerings } from '../generated/old-forms.ts';
import { lowerChannel, lowerUser, lowerUserFull144, lowerUserFull198, lowerUpdateUserName, lowerUpdatePeerBlocked, lowerSendAsPeers } from './users-and-chats.ts';
import { lowerReactionCount, lowerPeerReaction, lowerChatFull, lowerChannelFull, lowerReactionsChange } from './reactions.ts';
import { lowerConfig, lowerGlobalPrivacy, lowerDialogFilter, lowerPremiumPromo, lowerPromoData } from './settings.ts';
import { lowerBotAllowed, lowerDraft, lowerGiftCode, lowerGiftPremium144, lowerGiftPremium198, lowerReplyHeader, lowerSetChatTheme } from './messages.ts';
import { lowerInputMediaPoll, lowerPoll, lowerPollAnswer, lowerPollAnswerVoters, lowerPollResults, lowerPollVote, lowerVotesList } from './polls.ts';
import { lowerAttachMenuBot, lowerJoinWebView, lowerUrlAuthAccepted, lowerWebViewUrl } from './web-view.ts';
import { lowerBackdrop, lowerCheckedGiftCode, lowerInvoice, lowerModel, lowerPaidPrivacy, lowerPattern, lowerStarsTransaction } from './payments.ts';
import { lowerBroadcastStats, lowerListItemBlocks, lowerListItemText, lowerUpdateGroupCall144, lowerUpdateGroupCall198, lowerVideo } from './media.ts';

export const LOWERINGS: Lowerings = {
  'attachMenuBot#c8aa2cd2': lowerAttachMenuBot,
  'channel#e00998b7': lowerChannel,
  'channelAdminLogEventActionChangeAvailableReactions#9cf7f76a': lowerReactionsChange,
  'channelFull#ea68a619': lowerChannelFull,
  'channels.sendAsPeers#8356cda9': lowerSendAsPeers,
  'chatFull#d18ee226': lowerChatFull,
  'config#330b4067': lowerConfig,
  'dialogFilter#7438f7e8': lowerDialogFilter,
  'documentAttributeVideo#0ef02ce6': lowerVideo,
  'draftMessage#fd8e711f': lowerDraft,
  'globalPrivacySettings#bea2f424': lowerGlobalPrivacy,
  'help.premiumPromo#8a4f3c29': lowerPremiumPromo,
  'help.promoData#8c39793f': lowerPromoData,
  'inputMediaPoll#0f94e5f1': lowerInputMediaPoll,
  'invoice#3e85a91b': lowerInvoice,
  'messageActionBotAllowed#abe9affe': lowerBotAllowed,
  'messageActionGiftCode#56d03994': lowerGiftCode,
  'messageActionGiftPremium#6c6274fa': lowerGiftPremium198,
  'messageActionGiftPremium#aba0f5c6': lowerGiftPremium144,
  'messageActionSetChatTheme#aa786345': lowerSetChatTheme,
  'messagePeerReaction#51b67eff': lowerPeerReaction,
  'messageReplyHeader#a6d57763': lowerReplyHeader,
  'messages.chatInviteJoinResultWebView#2f51c337': lowerJoinWebView,
  'messages.votesList#0823f649': lowerVotesList,
  'pageListOrderedItemBlocks#98dd8936': lowerListItemBlocks,
  'pageListOrderedItemText#5e068047': lowerListItemText,
  'payments.checkedGiftCode#284a1096': lowerCheckedGiftCode,
  'poll#86e18161': lowerPoll,
  'pollAnswer#6ca9c2e9': lowerPollAnswer,
  'pollAnswerVoters#3b6ddad2': lowerPollAnswerVoters,
  'pollResults#dcb82ea3': lowerPollResults,
  'reactionCount#6fb250d1': lowerReactionCount,
  'starGiftAttributeBackdrop#94271762': lowerBackdrop,
  'starGiftAttributeModel#39d99013': lowerModel,
  'starGiftAttributePattern#13acff19': lowerPattern,
  'starsTransaction#64dfc926': lowerStarsTransaction,
  'stats.broadcastStats#bdf78394': lowerBroadcastStats,
  'updateGroupCall#14b24500': lowerUpdateGroupCall144,
  'updateGroupCall#97d64341': lowerUpdateGroupCall198,
  'updateMessagePollVote#106395c9': lowerPollVote,
  'updatePaidReactionPrivacy#51ca7aec': lowerPaidPrivacy,
  'updatePeerBlocked#246a4b22': lowerUpdatePeerBlocked,
  'updateUserName#c3f202e0': lowerUpdateUserName,
  'urlAuthResultAccepted#8f8c0e4e': lowerUrlAuthAccepted,
  'user#4b46c37e': lowerUser,
  'userFull#4d975bbc': lowerUserFull198,
  'userFull#c4b1fc3f': lowerUserFull144,
  'webViewResultUrl#0c14557c': lowerWebViewUrl,
};
