import { rpcError } from '@aerogram/errors';
import { defineMethod } from '@aerogram/rpc';

import { accessChannel, actingAs } from './channel-call.ts';

/** Makes a group the discussion group of a channel. If one of the two is empty, the link of the other one ends. */
export const setDiscussionGroup = defineMethod({
  method: 'channels.setDiscussionGroup',
  access: 'user',
  cost: 3,
  repeat: 'idempotent',
  presence: 'acting',
  async handler(ctx, { broadcast, group }) {
    const { discussions } = ctx.domain.channels;
    const acting = actingAs(ctx);
    const [channelId, groupId] = [await idOf(broadcast), await idOf(group)];
    if (channelId !== undefined && groupId !== undefined) await discussions.doLink(acting, { channelId, groupId });
    else if (channelId !== undefined) await discussions.doUnlinkChannel(acting, channelId);
    else if (groupId !== undefined) await discussions.doUnlinkGroup(acting, groupId);
    else throw rpcError('CHANNEL_INVALID');
    return true;

    async function idOf(input: typeof broadcast): Promise<bigint | undefined> {
      return input._ === 'inputChannelEmpty' ? undefined : (await accessChannel(ctx, input)).channelId;
    }
  },
});
