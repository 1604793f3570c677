// Register of hand-written lowerings: newest object → old form, where converting single fields (fields.ts) is not sufficient. `npm run
// codegen` reads the keys from here and reports missing ones.
import type { Lowerings } from '../generated/old-forms.ts';
import { lowerUpdateGroupCall } from './chats.ts';
import { lowerEphemeralCallback, lowerEphemeralMessage } from './ephemeral.ts';
import { lowerKey221, lowerKey228 } from './keyboards.ts';
import { lowerExtendedMedia, lowerGiveaway, lowerGiveawayResults } from './media.ts';
import { lowerBotAllowed, lowerReplyHeader, lowerRequestedPeer, lowerSetChatTheme } from './messages.ts';
import { lowerPollVote, lowerTodoCompletion } from './polls.ts';
import { lowerPeerReaction, lowerReactionCount } from './reactions.ts';
import { lowerEmojiStatus, lowerPromoData } from './settings.ts';

export const LOWERINGS: Lowerings = {
  'emojiStatus#929b619d': lowerEmojiStatus,
  'ephemeralMessage#d9c6dc1a': lowerEphemeralMessage,
  'help.promoData#8c39793f': lowerPromoData,
  'keyboardButton#7d170cff': lowerKey228,
  'keyboardButton#a2fa4880': lowerKey221,
  'messageActionBotAllowed#abe9affe': lowerBotAllowed,
  'messageActionRequestedPeer#fe77345d': lowerRequestedPeer,
  'messageActionSetChatTheme#aa786345': lowerSetChatTheme,
  'messageMediaGiveaway#daad85b0': lowerGiveaway,
  'messageMediaGiveawayResults#c6991068': lowerGiveawayResults,
  'messagePeerReaction#51b67eff': lowerPeerReaction,
  'messageReplyHeader#a6d57763': lowerReplyHeader,
  // The page is no longer in the answer; without it the old form would open nothing.
  'messages.chatInviteJoinResultWebView#2f51c337': () => undefined,
  'reactionCount#6fb250d1': lowerReactionCount,
  'todoCompletion#4cc120b7': lowerTodoCompletion,
  'updateEphemeralBotCallbackQuery#9b380762': lowerEphemeralCallback,
  'updateGroupCall#14b24500': lowerUpdateGroupCall,
  'updateMessageExtendedMedia#5a73a98c': lowerExtendedMedia,
  'updateMessagePollVote#106395c9': lowerPollVote,
};
