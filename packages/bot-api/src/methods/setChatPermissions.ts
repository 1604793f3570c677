import { badRequest } from '../bot-error.ts';
import { accessChat } from '../chats/bot-chat.ts';
import { defineBotMethod } from '../define-bot-method.ts';
import { readPermissions } from '../params/permissions.ts';
import { renameErrors, unlessSame } from '../rename-errors.ts';

export const setChatPermissions = defineBotMethod({
  method: 'setChatPermissions',
  params: ['chat_id', 'permissions', 'use_independent_chat_permissions'],
  async run(call, params) {
    const banned_rights = readPermissions(params);
    const chat = await accessChat(call, params);
    if (chat.kind === 'private') throw badRequest("can't change private chat permissions");
    if (chat.kind === 'channel') throw badRequest("can't change channel chat permissions");
    await unlessSame(
      renameErrors(call.invoke({ _: 'messages.editChatDefaultBannedRights', peer: chat.peer, banned_rights }), { CHAT_ADMIN_REQUIRED: 'not enough rights to change chat permissions' }),
    );
    return true;
  },
});
