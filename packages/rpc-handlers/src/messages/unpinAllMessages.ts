import { defineMethod } from '@aerogram/rpc';

import { actingAs } from '../channels/channel-call.ts';
import { accessPart } from './access-part.ts';
import { originOf, stepBox } from '../origin.ts';

/** How an app says that it means the whole chat. Other ids that no message has are refused, because more would be unpinned than was meant. */
const WHOLE_CHAT = -1;

export const unpinAllMessages = defineMethod({
  method: 'messages.unpinAllMessages',
  access: ['user', 'bot'],
  cost: 3,
  repeat: 'idempotent',
  async handler(ctx, req) {
    const { channels, messages, peers } = ctx.domain;
    const peer = await peers.accessInputPeer(ctx.userId, req.peer);
    const part = await accessPart(ctx, peer, req.top_msg_id === WHOLE_CHAT ? undefined : req.top_msg_id);
    if (peer.kind === 'channel') {
      const { pts, ptsCount, offset } = await channels.at(peer.channelId).posts.doUnpinAll(actingAs(ctx), part);
      ctx.boxStep({ owner: peer.peerId, pts, ptsCount });
      return { _: 'messages.affectedHistory', pts, pts_count: ptsCount, offset };
    }
    const { pts, ptsCount, offset } = await messages.doUnpinAll(peer, { ownerId: ctx.userId, origin: originOf(ctx) });
    stepBox(ctx, pts, ptsCount);
    return { _: 'messages.affectedHistory', pts, pts_count: ptsCount, offset };
  },
});
