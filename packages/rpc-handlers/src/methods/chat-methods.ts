import type { RpcMethod } from '@aerogram/rpc';

import { editPeerFolders } from '../folders/editPeerFolders.ts';
import { getSuggestedDialogFilters } from '../messages/getSuggestedDialogFilters.ts';
import { toggleDialogFilterTags } from '../messages/toggleDialogFilterTags.ts';
import { unpinAllMessages } from '../messages/unpinAllMessages.ts';
import { updateDialogFilter } from '../messages/updateDialogFilter.ts';
import { updateDialogFiltersOrder } from '../messages/updateDialogFiltersOrder.ts';
import { updatePinnedMessage } from '../messages/updatePinnedMessage.ts';

/** What private chats have beyond messages: pins and folders. */
export const chatMethods: readonly RpcMethod[] = [
  updatePinnedMessage,
  unpinAllMessages,
  getSuggestedDialogFilters,
  updateDialogFilter,
  updateDialogFiltersOrder,
  toggleDialogFilterTags,
  editPeerFolders,
];
