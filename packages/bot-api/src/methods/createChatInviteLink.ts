import { accessInvitingChat, exportLink, LINK_PARAMS, readLinkTerms } from '../chats/invite-links.ts';
import { defineBotMethod } from '../define-bot-method.ts';
import { KnownPeers, projectInviteLink } from '../objects/index.ts';

export const createChatInviteLink = defineBotMethod({
  method: 'createChatInviteLink',
  params: ['chat_id', ...LINK_PARAMS],
  async run(call, params) {
    const terms = readLinkTerms(params);
    const { peer } = await accessInvitingChat(call, params);
    const invite = await exportLink(call, { _: 'messages.exportChatInvite', peer, ...terms, request_needed: terms.request_needed || undefined });
    const users = await call.invoke({ _: 'users.getUsers', id: [{ _: 'inputUserSelf' }] });
    return projectInviteLink(invite, new KnownPeers({ users }));
  },
});
