import { accessChat } from '../chats/bot-chat.ts';
import { PIN_TEXTS } from '../chats/pins.ts';
import { telling } from '../chats/tell.ts';
import { defineBotMethod } from '../define-bot-method.ts';
import { findMessageId } from '../params/message-ids.ts';

export const pinChatMessage = defineBotMethod({
  method: 'pinChatMessage',
  params: ['chat_id', 'message_id', 'disable_notification'],
  async run(call, params) {
    const { peer } = await accessChat(call, params);
    const request = { _: 'messages.updatePinnedMessage', peer, id: findMessageId(params, 'message_id'), silent: params.bool('disable_notification') || undefined } as const;
    await telling(call.invoke(request), { ...PIN_TEXTS, MESSAGE_ID_INVALID: 'message to pin not found' });
    return true;
  },
});
