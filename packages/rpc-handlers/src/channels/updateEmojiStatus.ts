import { rpcError } from '@aerogram/errors';
import { defineMethod } from '@aerogram/rpc';

import { changeSetting } from './channel-call.ts';

export const updateEmojiStatus = defineMethod({
  method: 'channels.updateEmojiStatus',
  access: 'user',
  cost: 2,
  repeat: 'idempotent',
  presence: 'acting',
  handler(ctx, { channel, emoji_status: status }) {
    return changeSetting(ctx, channel, (settings, acting) => {
      // There are no custom emoji.
      if (status._ !== 'emojiStatusEmpty') throw rpcError('DOCUMENT_INVALID');
      return settings.doRemoveLook(acting);
    });
  },
});
