import { RpcError } from '@aerogram/errors';

import { badRequest } from '../bot-error.ts';
import { defineBotMethod } from '../define-bot-method.ts';
import { readChat } from '../params/chat-id.ts';
import { readMessageId } from '../params/message-ids.ts';
import { readReactions } from '../params/reactions.ts';

export const setMessageReaction = defineBotMethod({
  method: 'setMessageReaction',
  params: ['chat_id', 'message_id', 'reaction', 'is_big'],
  async run(call, params) {
    const msg_id = readMessageId(params);
    const reaction = readReactions(params);
    try {
      await call.invoke({ _: 'messages.sendReaction', ...(params.bool('is_big') && { big: true }), peer: await readChat(call, params, 'chat_id'), msg_id, reaction });
    } catch (error) {
      if (error instanceof RpcError && error.entry === 'MESSAGE_ID_INVALID') throw badRequest('message to react not found');
      throw error;
    }
    return true;
  },
});
