import { defineMethod } from '@aerogram/rpc';

import { accessChannel, actingAs } from './channel-call.ts';

/** Marks messages that mention the caller, and reactions to messages of the caller, as seen. */
export const readMessageContents = defineMethod({
  method: 'channels.readMessageContents',
  access: 'user',
  cost: 1,
  limits: { vectors: { id: 100 } },
  repeat: 'idempotent',
  presence: 'reading',
  async handler(ctx, { channel: input, id }) {
    const { channelId } = await accessChannel(ctx, input);
    const { posts, reactions } = ctx.domain.channels.at(channelId);
    await posts.doReadContents(actingAs(ctx), id);
    await reactions.doSeeOf(actingAs(ctx), id);
    return true;
  },
});
