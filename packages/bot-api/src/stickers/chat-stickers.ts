import type { tl } from '@aerogram/tl';

import type { BotCall } from '../bot-call.ts';
import { badRequest } from '../bot-error.ts';
import { type BotChat, isChannel } from '../chats/bot-chat.ts';
import { renameErrors, unlessSame } from '../rename-errors.ts';

/** Sets the sticker set of a supergroup. @throws BotError 400 for other chats, and without the right */
export async function setChatStickers({ invoke }: Pick<BotCall, 'invoke'>, chat: BotChat, stickerset: tl.InputStickerSet): Promise<true> {
  if (!isChannel(chat) || chat.kind !== 'supergroup') throw badRequest('method is available only for supergroups');
  await unlessSame(renameErrors(invoke({ _: 'channels.setStickers', channel: chat.channel, stickerset }), { CHAT_ADMIN_REQUIRED: 'not enough rights to set chat sticker set' }));
  return true;
}
