import { defineMethod } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

import { accessAnyGroup } from '../group-call.ts';

/** Returns who in a basic group or supergroup has read a message; for private chats there is messages.getOutboxReadDate. */
export const getMessageReadParticipants = defineMethod({
  method: 'messages.getMessageReadParticipants',
  access: 'user',
  cost: 2,
  repeat: 'read',
  elsewhere: { peer: 'works' },
  async handler(ctx, req) {
    const peer = await accessAnyGroup(ctx, req.peer);
    const readers =
      peer.kind === 'channel'
        ? await ctx.domain.channels.at(peer.channelId).posts.listReaders(ctx.userId, req.msg_id)
        : await ctx.domain.messages.listReaders(ctx.userId, peer, req.msg_id);
    return readers.map((reader): tl.readParticipantDate => ({ _: 'readParticipantDate', ...reader }));
  },
});
