import { pageSize } from '@aerogram/domain';
import { defineMethod } from '@aerogram/rpc';

/** Maximum number of groups in one answer. */
const LIMIT_MAX = 100;

export const getCommonChats = defineMethod({
  method: 'messages.getCommonChats',
  access: 'user',
  cost: 1,
  repeat: 'read',
  elsewhere: { user_id: 'works' },
  async handler(ctx, { user_id: input, max_id: maxId, limit }) {
    const { chats, peers } = ctx.domain;
    const { user_id: userId } = await peers.accessInputUser(ctx.userId, input);
    const { markedIds, count } = await chats.listCommon(ctx.userId, userId, { maxId, limit: pageSize(limit, LIMIT_MAX) });
    const common = await chats.projectChats(ctx.userId, markedIds);
    return common.length === count ? { _: 'messages.chats', chats: common } : { _: 'messages.chatsSlice', count, chats: common };
  },
});
