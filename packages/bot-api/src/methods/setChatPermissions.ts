import { badRequest } from '../bot-error.ts';
import { accessChat } from '../chats/bot-chat.ts';
import { isRpcError, telling } from '../chats/tell.ts';
import { defineBotMethod } from '../define-bot-method.ts';
import { readPermissions } from '../params/permissions.ts';

export const setChatPermissions = defineBotMethod({
  method: 'setChatPermissions',
  params: ['chat_id', 'permissions', 'use_independent_chat_permissions'],
  async run(call, params) {
    const banned_rights = readPermissions(params);
    const chat = await accessChat(call, params);
    if (chat.kind === 'private') throw badRequest("can't change private chat permissions");
    if (chat.kind === 'channel') throw badRequest("can't change channel chat permissions");
    try {
      await telling(call.invoke({ _: 'messages.editChatDefaultBannedRights', peer: chat.peer, banned_rights }), { CHAT_ADMIN_REQUIRED: 'not enough rights to change chat permissions' });
    } catch (error) {
      // The official server compares before it calls, so the same permissions again are no error.
      if (!isRpcError(error, 'CHAT_NOT_MODIFIED')) throw error;
    }
    return true;
  },
});
