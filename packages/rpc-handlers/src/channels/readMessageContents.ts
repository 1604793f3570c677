import { defineMethod } from '@aerogram/rpc';

import { accessChannel, actingAs } from './channel-call.ts';

/** Marks messages that mention the caller, reactions to messages of the caller, and votes in the caller's polls as seen. */
export const readMessageContents = defineMethod({
  method: 'channels.readMessageContents',
  access: 'user',
  cost: 1,
  limits: { vectors: { id: 100 } },
  repeat: 'idempotent',
  presence: 'reading',
  async handler(ctx, { channel: input, id }) {
    const { channelId, peerId } = await accessChannel(ctx, input);
    const { posts, reactions } = ctx.domain.channels.at(channelId);
    await posts.doReadContents(actingAs(ctx), id);
    await reactions.doSeeOf(actingAs(ctx), id);
    await ctx.domain.unreadVotes.doReadContents(ctx.userId, { boxId: peerId, msgIds: id });
    return true;
  },
});
