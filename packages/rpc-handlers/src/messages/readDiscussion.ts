import { rpcError } from '@aerogram/errors';
import { defineMethod } from '@aerogram/rpc';

import { accessThreadPlace } from '../access-thread-place.ts';
import { readUpTo } from '../read-up-to.ts';

export const readDiscussion = defineMethod({
  method: 'messages.readDiscussion',
  access: 'user',
  cost: 1,
  repeat: 'idempotent',
  presence: 'reading',
  async handler(ctx, { peer: input, msg_id: msgId, read_max_id: maxId }) {
    const { channels, peers } = ctx.domain;
    const peer = await peers.accessInputPeerOrCommented(ctx.userId, input);
    if (peer.kind !== 'channel') throw rpcError(peer.kind === 'chat' ? 'CHAT_ID_INVALID' : 'PEER_ID_INVALID');
    const place = await accessThreadPlace(ctx, peer, msgId);
    await channels.at(place.channelId).posts.doReadThread(ctx.userId, place.msgId, readUpTo(maxId));
    return true;
  },
});
