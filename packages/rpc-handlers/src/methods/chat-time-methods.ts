import type { RpcMethod } from '@aerogram/rpc';

import { clearAllDrafts } from '../messages/clearAllDrafts.ts';
import { getDefaultHistoryTTL } from '../messages/getDefaultHistoryTTL.ts';
import { getDefaultTagReactions } from '../messages/getDefaultTagReactions.ts';
import { getMessageEditData } from '../messages/getMessageEditData.ts';
import { getMessageReadParticipants } from '../messages/getMessageReadParticipants.ts';
import { getMessagesViews } from '../messages/getMessagesViews.ts';
import { getSavedReactionTags } from '../messages/getSavedReactionTags.ts';
import { getUnreadMentions } from '../messages/getUnreadMentions.ts';
import { reportMessagesDelivery } from '../messages/reportMessagesDelivery.ts';
import { reportReaction } from '../messages/reportReaction.ts';
import { sendScreenshotNotification } from '../messages/sendScreenshotNotification.ts';
import { setDefaultHistoryTTL } from '../messages/setDefaultHistoryTTL.ts';
import { setDefaultReaction } from '../messages/setDefaultReaction.ts';
import { setHistoryTTL } from '../messages/setHistoryTTL.ts';
import { toggleNoForwards } from '../messages/toggleNoForwards.ts';
import { updateSavedReactionTag } from '../messages/updateSavedReactionTag.ts';

/** How long messages live, and what else private chats have around their messages. */
export const chatTimeMethods: readonly RpcMethod[] = [
  setHistoryTTL,
  setDefaultHistoryTTL,
  getDefaultHistoryTTL,
  toggleNoForwards,
  clearAllDrafts,
  sendScreenshotNotification,
  getMessageEditData,
  getMessageReadParticipants,
  getMessagesViews,
  getUnreadMentions,
  reportMessagesDelivery,
  setDefaultReaction,
  reportReaction,
  getSavedReactionTags,
  updateSavedReactionTag,
  getDefaultTagReactions,
];
