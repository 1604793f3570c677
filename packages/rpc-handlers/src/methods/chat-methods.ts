import type { RpcMethod } from '@aerogram/rpc';

import { editPeerFolders } from '../folders/editPeerFolders.ts';
import { clearRecentReactions } from '../messages/clearRecentReactions.ts';
import { deleteSavedHistory } from '../messages/deleteSavedHistory.ts';
import { deleteScheduledMessages } from '../messages/deleteScheduledMessages.ts';
import { getAvailableReactions } from '../messages/getAvailableReactions.ts';
import { getMessageReactionsList } from '../messages/getMessageReactionsList.ts';
import { getMessagesReactions } from '../messages/getMessagesReactions.ts';
import { getOutboxReadDate } from '../messages/getOutboxReadDate.ts';
import { getPinnedSavedDialogs } from '../messages/getPinnedSavedDialogs.ts';
import { getRecentReactions } from '../messages/getRecentReactions.ts';
import { getSavedDialogs } from '../messages/getSavedDialogs.ts';
import { getSavedDialogsByID } from '../messages/getSavedDialogsByID.ts';
import { getSavedHistory } from '../messages/getSavedHistory.ts';
import { getScheduledHistory } from '../messages/getScheduledHistory.ts';
import { getScheduledMessages } from '../messages/getScheduledMessages.ts';
import { getSuggestedDialogFilters } from '../messages/getSuggestedDialogFilters.ts';
import { getTopReactions } from '../messages/getTopReactions.ts';
import { getUnreadReactions } from '../messages/getUnreadReactions.ts';
import { readReactions } from '../messages/readReactions.ts';
import { reorderPinnedSavedDialogs } from '../messages/reorderPinnedSavedDialogs.ts';
import { sendReaction } from '../messages/sendReaction.ts';
import { sendScheduledMessages } from '../messages/sendScheduledMessages.ts';
import { toggleDialogFilterTags } from '../messages/toggleDialogFilterTags.ts';
import { toggleSavedDialogPin } from '../messages/toggleSavedDialogPin.ts';
import { unpinAllMessages } from '../messages/unpinAllMessages.ts';
import { updateDialogFilter } from '../messages/updateDialogFilter.ts';
import { updateDialogFiltersOrder } from '../messages/updateDialogFiltersOrder.ts';
import { updatePinnedMessage } from '../messages/updatePinnedMessage.ts';

/** What private chats have beyond messages: pins, reactions, folders, what is sent later, what is saved. */
export const chatMethods: readonly RpcMethod[] = [
  updatePinnedMessage,
  unpinAllMessages,
  getAvailableReactions,
  sendReaction,
  getMessagesReactions,
  getMessageReactionsList,
  getUnreadReactions,
  readReactions,
  getTopReactions,
  getRecentReactions,
  clearRecentReactions,
  getScheduledHistory,
  getScheduledMessages,
  sendScheduledMessages,
  deleteScheduledMessages,
  getOutboxReadDate,
  getSavedDialogs,
  getPinnedSavedDialogs,
  getSavedDialogsByID,
  getSavedHistory,
  deleteSavedHistory,
  toggleSavedDialogPin,
  reorderPinnedSavedDialogs,
  getSuggestedDialogFilters,
  updateDialogFilter,
  updateDialogFiltersOrder,
  toggleDialogFilterTags,
  editPeerFolders,
];
