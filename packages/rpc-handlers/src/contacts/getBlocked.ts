import { unmarkPeer } from '@aerogram/cluster';
import { pageSize, PeerSet } from '@aerogram/domain';
import { defineMethod } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

const LIMIT_MAX = 100;

export const getBlocked = defineMethod({
  method: 'contacts.getBlocked',
  access: 'user',
  cost: 2,
  repeat: 'read',
  handler: async (ctx, { my_stories_from, ...page }) => {
    const offset = Math.max(page.offset, 0);
    const limit = pageSize(page.limit, LIMIT_MAX);
    const storiesOnly = my_stories_from === true;
    const { peers, count } = await ctx.domain.blocks.listBlocked(ctx.userId, { storiesOnly, offset, limit });
    const blocked = peers.map(({ peerId, date }): tl.peerBlocked => ({ _: 'peerBlocked', peer_id: unmarkPeer(peerId), date }));
    const named = await ctx.domain.projectPeers(ctx.userId, new PeerSet(peers.map(({ peerId }) => peerId)));
    return count > offset + peers.length || offset > 0
      ? { _: 'contacts.blockedSlice', count, blocked, ...named }
      : { _: 'contacts.blocked', blocked, ...named };
  },
});
