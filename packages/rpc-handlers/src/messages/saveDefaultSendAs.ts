import { rpcError } from '@aerogram/errors';
import { defineMethod } from '@aerogram/rpc';

import { actingAs } from '../channels/channel-call.ts';
import { accessSendAs } from './access-send-as.ts';

export const saveDefaultSendAs = defineMethod({
  method: 'messages.saveDefaultSendAs',
  access: 'user',
  cost: 1,
  repeat: 'idempotent',
  async handler(ctx, { peer: input, send_as: wanted }) {
    const { channels, peers } = ctx.domain;
    const peer = await peers.accessInputPeer(ctx.userId, input);
    if (peer.kind !== 'channel') throw rpcError('PEER_ID_INVALID');
    await channels.at(peer.channelId).members.doSaveSendAs(actingAs(ctx), await accessSendAs(ctx, wanted));
    return true;
  },
});
