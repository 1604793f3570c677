import { rpcError } from '@aerogram/errors';
import { defineMethod } from '@aerogram/rpc';

import { accessChannel, actingAs, answerChannel } from './channel-call.ts';

export const updateEmojiStatus = defineMethod({
  method: 'channels.updateEmojiStatus',
  access: 'user',
  cost: 2,
  repeat: 'idempotent',
  presence: 'acting',
  async handler(ctx, { channel: input, emoji_status: status }) {
    const { channelId, peerId } = await accessChannel(ctx, input);
    // There are no custom emoji.
    if (status._ !== 'emojiStatusEmpty') throw rpcError('DOCUMENT_INVALID');
    return answerChannel(ctx, peerId, await ctx.domain.channels.at(channelId).settings.doRemoveLook(actingAs(ctx)));
  },
});
