import { rpcError } from '@aerogram/errors';
import { defineMethod } from '@aerogram/rpc';

import { accessChannel } from './channel-call.ts';

/** Without a channel, clients ask whether the user may have one more public channel at all. */
export const checkUsername = defineMethod({
  method: 'channels.checkUsername',
  access: 'user',
  cost: 5,
  limits: { strings: { username: 256 } },
  repeat: 'read',
  async handler(ctx, { channel: input, username }) {
    const { channels, users } = ctx.domain;
    if (input._ === 'inputChannelEmpty') {
      await channels.checkPublicCount(ctx.userId);
      return users.isNameFree(ctx.userId, username);
    }
    const { peerId, row } = await accessChannel(ctx, input);
    if (row.creator_id !== ctx.userId) throw rpcError('CHAT_ADMIN_REQUIRED');
    if (row.username === null) await channels.checkPublicCount(ctx.userId);
    return users.isNameFree(peerId, username);
  },
});
