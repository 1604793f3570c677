import { rpcError } from '@aerogram/errors';
import { defineMethod } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

import { accessSavedPeer } from './access-saved-peer.ts';
import { answerHistory } from './answer-messages.ts';

export const getSavedHistory = defineMethod({
  method: 'messages.getSavedHistory',
  access: 'user',
  cost: 1,
  repeat: 'read',
  elsewhere: { peer: 'works' },
  async handler(ctx, req): Promise<tl.messages.Messages> {
    const { saved } = ctx.domain;
    if (req.parent_peer !== undefined) throw rpcError('PARENT_PEER_INVALID');
    const peerId = await accessSavedPeer(ctx, req.peer);
    return answerHistory(ctx, { peerId: ctx.userId, savedPeerId: peerId }, req, () => saved.countMessages(ctx.userId, peerId));
  },
});
