import { defineMethod } from '@aerogram/rpc';

import { accessCommentedPeer } from '../access-channel-peer.ts';
import { actingAs } from '../channels/channel-call.ts';
import { accessSendAs } from './access-send-as.ts';

export const saveDefaultSendAs = defineMethod({
  method: 'messages.saveDefaultSendAs',
  access: 'user',
  cost: 1,
  repeat: 'idempotent',
  async handler(ctx, { peer: input, send_as: wanted }) {
    const { channelId } = await accessCommentedPeer(ctx, input);
    await ctx.domain.channels.at(channelId).members.doSaveSendAs(actingAs(ctx), await accessSendAs(ctx, wanted));
    return true;
  },
});
