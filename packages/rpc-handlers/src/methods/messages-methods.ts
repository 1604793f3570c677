import type { RpcMethod } from '@aerogram/rpc';

import { deleteHistory } from '../messages/deleteHistory.ts';
import { deleteMessages } from '../messages/deleteMessages.ts';
import { editMessage } from '../messages/editMessage.ts';
import { forwardMessages } from '../messages/forwardMessages.ts';
import { getAllDrafts } from '../messages/getAllDrafts.ts';
import { getDialogFilters } from '../messages/getDialogFilters.ts';
import { getDialogs } from '../messages/getDialogs.ts';
import { getDialogUnreadMarks } from '../messages/getDialogUnreadMarks.ts';
import { getHistory } from '../messages/getHistory.ts';
import { getMessages } from '../messages/getMessages.ts';
import { getPeerDialogs } from '../messages/getPeerDialogs.ts';
import { getPeerSettings } from '../messages/getPeerSettings.ts';
import { getPinnedDialogs } from '../messages/getPinnedDialogs.ts';
import { markDialogUnread } from '../messages/markDialogUnread.ts';
import { readHistory } from '../messages/readHistory.ts';
import { readMentions } from '../messages/readMentions.ts';
import { readMessageContents } from '../messages/readMessageContents.ts';
import { receivedMessages } from '../messages/receivedMessages.ts';
import { reorderPinnedDialogs } from '../messages/reorderPinnedDialogs.ts';
import { saveDraft } from '../messages/saveDraft.ts';
import { sendMessage } from '../messages/sendMessage.ts';
import { setTyping } from '../messages/setTyping.ts';
import { toggleDialogPin } from '../messages/toggleDialogPin.ts';
import { getDifference } from '../updates/getDifference.ts';
import { getState } from '../updates/getState.ts';

/** Messages, dialogs and updates. */
export const messagesMethods: readonly RpcMethod[] = [
  sendMessage,
  forwardMessages,
  editMessage,
  deleteMessages,
  deleteHistory,
  readHistory,
  readMentions,
  readMessageContents,
  receivedMessages,
  setTyping,
  getMessages,
  getHistory,
  getDialogs,
  getPinnedDialogs,
  getPeerDialogs,
  getDialogUnreadMarks,
  getDialogFilters,
  getPeerSettings,
  toggleDialogPin,
  reorderPinnedDialogs,
  markDialogUnread,
  saveDraft,
  getAllDrafts,
  getState,
  getDifference,
];
