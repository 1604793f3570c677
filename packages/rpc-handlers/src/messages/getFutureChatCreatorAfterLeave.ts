import { defineMethod } from '@aerogram/rpc';

import { accessAnyGroup } from '../group-call.ts';

/** Returns who becomes the owner of a group or channel if the caller, who is its owner, leaves it; an empty user if nobody does. */
export const getFutureChatCreatorAfterLeave = defineMethod({
  method: 'messages.getFutureChatCreatorAfterLeave',
  access: 'user',
  cost: 2,
  repeat: 'read',
  async handler(ctx, { peer: input }) {
    const { channels, groups, users } = ctx.domain;
    const peer = await accessAnyGroup(ctx, input);
    const heirId = await (peer.kind === 'chat' ? groups.findFutureCreator(ctx.userId, peer.chatId) : channels.at(peer.channelId).members.findFutureOwner(ctx.userId));
    const [heir] = heirId === undefined ? [] : await users.projectUsers(ctx.userId, [heirId]);
    return heir ?? { _: 'userEmpty', id: 0n };
  },
});
