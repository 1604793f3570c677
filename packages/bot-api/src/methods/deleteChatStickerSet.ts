import { accessChat } from '../chats/bot-chat.ts';
import { defineBotMethod } from '../define-bot-method.ts';
import { setChatStickers } from '../stickers/chat-stickers.ts';

export const deleteChatStickerSet = defineBotMethod({
  method: 'deleteChatStickerSet',
  params: ['chat_id'],
  run: async (call, params) => setChatStickers(call, await accessChat(call, params), { _: 'inputStickerSetEmpty' }),
});
