import type { BotCall } from '../bot-call.ts';
import type { ChatPeer } from '../params/chat-id.ts';
import { renameErrors } from '../rename-errors.ts';

/** What the Bot API says if the bot may not pin messages, or does not know the person of a private chat. */
export const PIN_TEXTS = { CHAT_ADMIN_REQUIRED: 'not enough rights to manage pinned messages in the chat', PEER_ID_INVALID: 'chat not found' } as const;

/** Maximum number of calls for one request: each unpins many messages, and pinning is work for people. */
const CALLS_MAX = 100;

/** Unpins all messages of a chat. @param topicId only those of this topic @throws BotError, RpcError */
export async function unpinAll(call: BotCall, peer: ChatPeer, topicId?: number): Promise<true> {
  const texts = topicId === undefined ? PIN_TEXTS : { ...PIN_TEXTS, MSG_ID_INVALID: 'message thread not found' };
  for (let calls = 0; calls < CALLS_MAX; calls++) {
    const { offset } = await renameErrors(call.invoke({ _: 'messages.unpinAllMessages', peer, top_msg_id: topicId }), texts);
    if (offset === 0) break;
  }
  return true;
}
