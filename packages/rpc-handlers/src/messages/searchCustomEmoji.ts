import { rpcError } from '@aerogram/errors';
import { defineMethod } from '@aerogram/rpc';

import { answerEmojiList } from './sticker-lists.ts';

/** The custom emoji that stand for one of the emoji. Clients send the emoji of a whole group one after another. */
export const searchCustomEmoji = defineMethod({
  method: 'messages.searchCustomEmoji',
  access: 'user',
  cost: 5,
  repeat: 'read',
  async handler(ctx, { emoticon, hash }) {
    if (emoticon.trim() === '') throw rpcError('EMOTICON_EMPTY');
    return answerEmojiList(await ctx.domain.stickerSets.search.listDocuments('emoji', { emoticon, words: '', languages: [] }), hash);
  },
});
