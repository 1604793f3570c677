import { accessInvitingChat, editLink, LINK_PARAMS, readLinkTerms } from '../chats/invite-links.ts';
import { defineBotMethod } from '../define-bot-method.ts';

export const editChatInviteLink = defineBotMethod({
  method: 'editChatInviteLink',
  params: ['chat_id', 'invite_link', ...LINK_PARAMS],
  async run(call, params) {
    const terms = readLinkTerms(params);
    const { peer } = await accessInvitingChat(call, params);
    return editLink(call, { _: 'messages.editExportedChatInvite', peer, link: params.text('invite_link'), ...terms });
  },
});
