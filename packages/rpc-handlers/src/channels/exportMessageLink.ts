import { ME_URL_PREFIX } from '@aerogram/domain';
import { rpcError } from '@aerogram/errors';
import { defineMethod } from '@aerogram/rpc';

import { accessChannel } from './channel-call.ts';

/**
 * The link to a message: by public username if the channel has one, otherwise by id, which works for members only. No album and no thread is
 * named in it, because a message has none here.
 */
export const exportMessageLink = defineMethod({
  method: 'channels.exportMessageLink',
  access: 'user',
  cost: 1,
  repeat: 'read',
  async handler(ctx, { channel: input, id: msgId }) {
    const { channelId, row } = await accessChannel(ctx, input);
    const found = await ctx.domain.channels.at(channelId).posts.find(ctx.userId, [msgId]);
    if (!found.has(msgId)) throw rpcError('MESSAGE_ID_INVALID');
    const place = row.username === null ? `c/${channelId}` : row.username;
    return { _: 'exportedMessageLink', link: `${ME_URL_PREFIX}${place}/${msgId}`, html: '' };
  },
});
