import { defineMethod } from '@aerogram/rpc';

import { accessGroup } from './group-call.ts';

/** Returns who becomes the creator of a group if the caller, who is its creator, leaves it; an empty user if nobody does. */
export const getFutureChatCreatorAfterLeave = defineMethod({
  method: 'messages.getFutureChatCreatorAfterLeave',
  access: 'user',
  cost: 2,
  repeat: 'read',
  async handler(ctx, { peer }) {
    const heirId = await ctx.domain.groups.findFutureCreator(ctx.userId, await accessGroup(ctx, peer));
    const [heir] = heirId === undefined ? [] : await ctx.domain.users.projectUsers(ctx.userId, [heirId]);
    return heir ?? { _: 'userEmpty', id: 0n };
  },
});
