import { markPeer, unmarkPeer } from '@aerogram/cluster';
import { pageSize, PeerSet } from '@aerogram/domain';
import { defineMethod } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

import { hashOf } from '../hash-of.ts';
import { projectCategory, wantedCategories } from './top-categories.ts';

const LIMIT_MAX = 100;

export const getTopPeers = defineMethod({
  method: 'contacts.getTopPeers',
  access: 'user',
  cost: 5,
  repeat: 'read',
  handler: async (ctx, req) => {
    const wanted = wantedCategories(req);
    const { privacy, projectPeers, topPeers } = ctx.domain;
    if ((await privacy.findSettings(ctx.userId)).top_peers_disabled) return { _: 'contacts.topPeersDisabled' };
    const top = await topPeers.listTop(ctx.userId);
    const offset = Math.max(req.offset, 0);
    const limit = pageSize(req.limit, LIMIT_MAX);
    const categories = wanted.flatMap((category): tl.topPeerCategoryPeers[] => {
      const all = top.get(category) ?? [];
      if (all.length === 0) return [];
      const peers = all.slice(offset, offset + limit).map(({ peerId, rating }): tl.topPeer => ({
        _: 'topPeer',
        peer: unmarkPeer(peerId),
        rating,
      }));
      return [{ _: 'topPeerCategoryPeers', category: projectCategory(category), count: all.length, peers }];
    });
    const peers = categories.flatMap((category) => category.peers.map(({ peer }) => peer));
    if (req.hash !== 0n && req.hash === hashOf(peers.map(plainIdOf))) return { _: 'contacts.topPeersNotModified' };
    return { _: 'contacts.topPeers', categories, ...(await projectPeers(ctx.userId, new PeerSet(peers.map(markPeer)))) };
  },
});

/** The id as clients put it into the hash of the list: without its kind. */
function plainIdOf(peer: tl.Peer): bigint {
  switch (peer._) {
    case 'peerUser':
      return peer.user_id;
    case 'peerChat':
      return peer.chat_id;
    case 'peerChannel':
      return peer.channel_id;
  }
}
