import { rpcError } from '@aerogram/errors';
import { defineMethod } from '@aerogram/rpc';

import { accessChannel } from './channel-call.ts';

/** Hides all collectible usernames. There are none, so nothing changes. */
export const deactivateAllUsernames = defineMethod({
  method: 'channels.deactivateAllUsernames',
  access: 'user',
  cost: 10,
  repeat: 'idempotent',
  async handler(ctx, { channel: input }) {
    const { row } = await accessChannel(ctx, input);
    if (row.creator_id !== ctx.userId) throw rpcError('CHAT_ADMIN_REQUIRED');
    return true;
  },
});
