import { defineMethod } from '@aerogram/rpc';

import { stepChannel } from '../channels/channel-call.ts';
import { actingIn } from '../group-call.ts';
import { stepBox } from '../origin.ts';

/** Makes a supergroup of a basic group. The answer has both, because clients look for the supergroup there. */
export const migrateChat = defineMethod({
  method: 'messages.migrateChat',
  access: 'user',
  cost: 20,
  repeat: 'idempotent',
  presence: 'acting',
  async handler(ctx, { chat_id }) {
    const { chatId, peerId: oldPeerId } = await ctx.domain.peers.accessChat(ctx.userId, chat_id);
    const { updates, notice, first, peerId } = await ctx.domain.channels.doMigrate(actingIn(ctx, chatId));
    if (notice !== undefined) stepBox(ctx, notice.pts, 1);
    if (first !== undefined) stepChannel(ctx, first);
    return ctx.domain.updates.projectAnswer(ctx.userId, updates, [oldPeerId, peerId]);
  },
});
