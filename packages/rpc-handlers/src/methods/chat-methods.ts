import type { RpcMethod } from '@aerogram/rpc';

import { unpinAllMessages } from '../messages/unpinAllMessages.ts';
import { updatePinnedMessage } from '../messages/updatePinnedMessage.ts';

/** What private chats have beyond messages: pins. */
export const chatMethods: readonly RpcMethod[] = [
  updatePinnedMessage,
  unpinAllMessages,
];
