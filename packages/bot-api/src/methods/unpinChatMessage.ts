import type { BotCall } from '../bot-call.ts';
import { badRequest } from '../bot-error.ts';
import { accessChat, type BotChat, isChannel } from '../chats/bot-chat.ts';
import { PIN_TEXTS } from '../chats/pins.ts';
import { telling } from '../chats/tell.ts';
import { defineBotMethod } from '../define-bot-method.ts';
import { findMessageId } from '../params/message-ids.ts';

/** Unpins a message; without `message_id` the newest that is pinned. */
export const unpinChatMessage = defineBotMethod({
  method: 'unpinChatMessage',
  params: ['chat_id', 'message_id'],
  async run(call, params) {
    const chat = await accessChat(call, params);
    const id = params.has('message_id') ? findMessageId(params, 'message_id') : await telling(findNewestPin(call, chat), { USER_ID_INVALID: 'chat not found' });
    if (id === 0) throw badRequest('message to unpin not found');
    await telling(call.invoke({ _: 'messages.updatePinnedMessage', peer: chat.peer, id, unpin: true }), { ...PIN_TEXTS, MESSAGE_ID_INVALID: 'message to unpin not found' });
    return true;
  },
});

/** The id of the newest pinned message; 0 if there is none. */
async function findNewestPin({ invoke }: BotCall, chat: BotChat): Promise<number> {
  if (chat.kind === 'private') return (await invoke({ _: 'users.getFullUser', id: chat.user })).full_user.pinned_msg_id ?? 0;
  const { full_chat: full } = await (isChannel(chat) ? invoke({ _: 'channels.getFullChannel', channel: chat.channel }) : invoke({ _: 'messages.getFullChat', chat_id: chat.chatId }));
  return (full._ === 'communityFull' ? undefined : full.pinned_msg_id) ?? 0;
}
