import { accessChat, isChannel } from '../chats/bot-chat.ts';
import { readMember, UNKNOWN_MEMBER } from '../chats/chat-member.ts';
import { badRequest } from '../bot-error.ts';
import { defineBotMethod } from '../define-bot-method.ts';
import { renameErrors } from '../rename-errors.ts';

/** The boosts that somebody has given to a supergroup or channel. There are none, because nothing needs them. */
export const getUserChatBoosts = defineBotMethod({
  method: 'getUserChatBoosts',
  params: ['chat_id', 'user_id'],
  async run(call, params) {
    const chat = await accessChat(call, params);
    if (!isChannel(chat)) throw badRequest('method is available for supergroup and channel chats only');
    const { user } = await readMember(call, params, chat);
    await renameErrors(call.invoke({ _: 'premium.getUserBoosts', peer: chat.peer, user_id: user }), UNKNOWN_MEMBER);
    return { boosts: [] };
  },
});
