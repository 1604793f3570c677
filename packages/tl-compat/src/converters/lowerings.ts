// Register of hand-written lowerings: newest object → old form, where single fields (fields.ts) do not do.
// `npm run codegen` reads the keys from here and says which are missing.
import type { Lowerings } from '../generated/old-forms.ts';
import { lowerUpdateGroupCall } from './chats.ts';
import { lowerBotAllowed, lowerReplyHeader, lowerSetChatTheme } from './messages.ts';
import { lowerPollVote } from './polls.ts';
import { lowerPeerReaction, lowerReactionCount } from './reactions.ts';
import { lowerPromoData } from './settings.ts';

export const LOWERINGS: Lowerings = {
  'help.promoData#8c39793f': lowerPromoData,
  'messageActionBotAllowed#abe9affe': lowerBotAllowed,
  'messageActionSetChatTheme#aa786345': lowerSetChatTheme,
  'messagePeerReaction#51b67eff': lowerPeerReaction,
  'messageReplyHeader#a6d57763': lowerReplyHeader,
  // The page itself is no longer in the answer: without it the old form would open nothing.
  'messages.chatInviteJoinResultWebView#2f51c337': () => undefined,
  'reactionCount#6fb250d1': lowerReactionCount,
  'updateGroupCall#14b24500': lowerUpdateGroupCall,
  'updateMessagePollVote#106395c9': lowerPollVote,
};
