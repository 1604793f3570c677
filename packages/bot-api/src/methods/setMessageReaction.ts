import { RpcError } from '@aerogram/errors';

import { badRequest } from '../bot-error.ts';
import { defineBotMethod } from '../define-bot-method.ts';
import { readChat } from '../params/chat-id.ts';
import { findMessageId } from '../params/message-ids.ts';
import { readReactions } from '../params/reactions.ts';

export const setMessageReaction = defineBotMethod({
  method: 'setMessageReaction',
  params: ['chat_id', 'message_id', 'reaction', 'is_big'],
  async run(call, params) {
    const reaction = readReactions(params);
    const peer = await readChat(call, params, 'chat_id');
    // Channels and supergroups have no reactions.
    if (peer._ === 'inputPeerChannel') throw badRequest('REACTION_INVALID');
    try {
      await call.invoke({ _: 'messages.sendReaction', ...(params.bool('is_big') && { big: true }), peer, msg_id: findMessageId(params, 'message_id'), reaction });
    } catch (error) {
      if (error instanceof RpcError && error.entry === 'MESSAGE_ID_INVALID') throw badRequest('message to react not found');
      throw error;
    }
    return true;
  },
});
