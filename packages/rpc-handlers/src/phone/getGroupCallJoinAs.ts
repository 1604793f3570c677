import { PeerSet } from '@aerogram/domain';
import { defineMethod } from '@aerogram/rpc';

import { checkCallPeer } from './access-call-peer.ts';

/** As whom one may join a video chat: as oneself. Apps ask before they make one, and some of them say nothing at all after an error here. */
export const getGroupCallJoinAs = defineMethod({
  method: 'phone.getGroupCallJoinAs',
  access: 'user',
  cost: 1,
  repeat: 'read',
  async handler(ctx, { peer }) {
    const { domain, userId } = ctx;
    await checkCallPeer(ctx, peer);
    return { _: 'phone.joinAsPeers', peers: [{ _: 'peerUser', user_id: userId }], ...(await domain.projectPeers(userId, new PeerSet([userId]))) };
  },
});
