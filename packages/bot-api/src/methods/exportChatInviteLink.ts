import { accessInvitingChat, exportLink } from '../chats/invite-links.ts';
import { defineBotMethod } from '../define-bot-method.ts';

/** Makes a new primary link of the bot. Its earlier one is revoked. */
export const exportChatInviteLink = defineBotMethod({
  method: 'exportChatInviteLink',
  params: ['chat_id'],
  async run(call, params) {
    const { peer } = await accessInvitingChat(call, params);
    const invite = await exportLink(call, { _: 'messages.exportChatInvite', peer, legacy_revoke_permanent: true });
    return invite._ === 'chatInviteExported' ? invite.link : '';
  },
});
