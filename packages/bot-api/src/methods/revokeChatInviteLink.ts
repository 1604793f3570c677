import { accessInvitingChat, editLink } from '../chats/invite-links.ts';
import { defineBotMethod } from '../define-bot-method.ts';

/** Revokes a link. If it is the primary one, the bot gets another. */
export const revokeChatInviteLink = defineBotMethod({
  method: 'revokeChatInviteLink',
  params: ['chat_id', 'invite_link'],
  async run(call, params) {
    const { peer } = await accessInvitingChat(call, params);
    return editLink(call, { _: 'messages.editExportedChatInvite', peer, revoked: true, link: params.text('invite_link') });
  },
});
