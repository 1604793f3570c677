import { rpcError } from '@aerogram/errors';
import { defineMethod } from '@aerogram/rpc';

/** There are no custom emoji here: an account can only be without a status, which it is. */
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
