import { badRequest } from '../bot-error.ts';
import { accessChat } from '../chats/bot-chat.ts';
import { findMember, readMember } from '../chats/chat-member.ts';
import { defineBotMethod } from '../define-bot-method.ts';
import { projectMember } from '../objects/index.ts';

export const getChatMember = defineBotMethod({
  method: 'getChatMember',
  params: ['chat_id', 'user_id'],
  async run(call, params) {
    const chat = await accessChat(call, params, 'read');
    const member = await readMember(call, params, chat);
    if (chat.kind === 'private') throw badRequest('member not found');
    const { participant, peers } = await findMember(call, chat, member);
    return projectMember(participant, { peers, kind: chat.kind, userId: member.userId });
  },
});
