import type { tl } from '@aerogram/tl';

import type { BotCall } from '../bot-call.ts';
import { badRequest } from '../bot-error.ts';
import { renameErrors } from '../rename-errors.ts';
import { type BotChat, isChannel } from './bot-chat.ts';

/**
 * Sets the photo of a chat, or removes it.
 * @throws BotError 400 `can't change private chat photo`, `not enough rights to change chat photo`
 */
export async function editPhoto({ invoke }: BotCall, chat: BotChat, photo: tl.InputChatPhoto): Promise<void> {
  if (chat.kind === 'private') throw badRequest("can't change private chat photo");
  const answer = isChannel(chat) ? invoke({ _: 'channels.editPhoto', channel: chat.channel, photo }) : invoke({ _: 'messages.editChatPhoto', chat_id: chat.chatId, photo });
  await renameErrors(answer, { CHAT_ADMIN_REQUIRED: 'not enough rights to change chat photo' });
}
