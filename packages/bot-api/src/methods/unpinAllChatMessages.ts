import { accessChat } from '../chats/bot-chat.ts';
import { PIN_TEXTS } from '../chats/pins.ts';
import { telling } from '../chats/tell.ts';
import { defineBotMethod } from '../define-bot-method.ts';

/** Maximum number of calls for one request: each unpins many messages, and pinning is work for people. */
const CALLS_MAX = 100;

export const unpinAllChatMessages = defineBotMethod({
  method: 'unpinAllChatMessages',
  params: ['chat_id'],
  async run(call, params) {
    const { peer } = await accessChat(call, params);
    for (let calls = 0; calls < CALLS_MAX; calls++) {
      const { offset } = await telling(call.invoke({ _: 'messages.unpinAllMessages', peer }), PIN_TEXTS);
      if (offset === 0) break;
    }
    return true;
  },
});
