import { rpcError } from '@aerogram/errors';
import { defineMethod } from '@aerogram/rpc';

import { accessChannel } from './channel-call.ts';

export const getMessageAuthor = defineMethod({
  method: 'channels.getMessageAuthor',
  access: ['user', 'bot'],
  cost: 1,
  repeat: 'read',
  async handler(ctx, { channel: input, id: msgId }) {
    const { channels, users } = ctx.domain;
    const { channelId } = await accessChannel(ctx, input);
    const authorId = await channels.at(channelId).posts.findPoster(ctx.userId, msgId);
    const [user] = await users.projectUsers(ctx.userId, [authorId]);
    if (user === undefined) throw rpcError('MESSAGE_ID_INVALID');
    return user;
  },
});
