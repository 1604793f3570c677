import type { RpcMethod } from '@aerogram/rpc';

import { editPeerFolders } from '../folders/editPeerFolders.ts';
import { clearRecentReactions } from '../messages/clearRecentReactions.ts';
import { getMessageReactionsList } from '../messages/getMessageReactionsList.ts';
import { getMessagesReactions } from '../messages/getMessagesReactions.ts';
import { getRecentReactions } from '../messages/getRecentReactions.ts';
import { getSuggestedDialogFilters } from '../messages/getSuggestedDialogFilters.ts';
import { getTopReactions } from '../messages/getTopReactions.ts';
import { getUnreadReactions } from '../messages/getUnreadReactions.ts';
import { readReactions } from '../messages/readReactions.ts';
import { sendReaction } from '../messages/sendReaction.ts';
import { toggleDialogFilterTags } from '../messages/toggleDialogFilterTags.ts';
import { unpinAllMessages } from '../messages/unpinAllMessages.ts';
import { updateDialogFilter } from '../messages/updateDialogFilter.ts';
import { updateDialogFiltersOrder } from '../messages/updateDialogFiltersOrder.ts';
import { updatePinnedMessage } from '../messages/updatePinnedMessage.ts';

/** What private chats have beyond messages: pins, reactions, folders. */
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
  getSuggestedDialogFilters,
  updateDialogFilter,
  updateDialogFiltersOrder,
  toggleDialogFilterTags,
  editPeerFolders,
];
