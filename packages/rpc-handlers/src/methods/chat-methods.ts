import type { RpcMethod } from '@aerogram/rpc';

import { editPeerFolders } from '../folders/editPeerFolders.ts';
import { clearRecentReactions } from '../messages/clearRecentReactions.ts';
import { deleteScheduledMessages } from '../messages/deleteScheduledMessages.ts';
import { getMessageReactionsList } from '../messages/getMessageReactionsList.ts';
import { getMessagesReactions } from '../messages/getMessagesReactions.ts';
import { getRecentReactions } from '../messages/getRecentReactions.ts';
import { getScheduledHistory } from '../messages/getScheduledHistory.ts';
import { getScheduledMessages } from '../messages/getScheduledMessages.ts';
import { getSuggestedDialogFilters } from '../messages/getSuggestedDialogFilters.ts';
import { getTopReactions } from '../messages/getTopReactions.ts';
import { getUnreadReactions } from '../messages/getUnreadReactions.ts';
import { readReactions } from '../messages/readReactions.ts';
import { sendReaction } from '../messages/sendReaction.ts';
import { sendScheduledMessages } from '../messages/sendScheduledMessages.ts';
import { toggleDialogFilterTags } from '../messages/toggleDialogFilterTags.ts';
import { unpinAllMessages } from '../messages/unpinAllMessages.ts';
import { updateDialogFilter } from '../messages/updateDialogFilter.ts';
import { updateDialogFiltersOrder } from '../messages/updateDialogFiltersOrder.ts';
import { updatePinnedMessage } from '../messages/updatePinnedMessage.ts';

/** What private chats have beyond messages: pins, reactions, folders, what is sent later. */
export const chatMethods: readonly RpcMethod[] = [
  updatePinnedMessage,
  unpinAllMessages,
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
  getSuggestedDialogFilters,
  updateDialogFilter,
  updateDialogFiltersOrder,
  toggleDialogFilterTags,
  editPeerFolders,
];
