import { rpcError } from '@aerogram/errors';
import { defineMethod } from '@aerogram/rpc';

/** There are no custom emoji, so an account cannot have an emoji status. */
export const updateEmojiStatus = defineMethod({
  method: 'account.updateEmojiStatus',
  access: 'user',
  cost: 5,
  repeat: 'idempotent',
  handler: (_ctx, { emoji_status }) => {
    if (emoji_status._ !== 'emojiStatusEmpty') throw rpcError('DOCUMENT_INVALID');
    return Promise.resolve(true);
  },
});
