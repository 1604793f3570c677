import { rpcError } from '@aerogram/errors';
import { defineMethod } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

const LIMIT_MAX = 100;

const peerOf = (userId: bigint): tl.peerUser => ({ _: 'peerUser', user_id: userId });

export const search = defineMethod({
  method: 'contacts.search',
  access: 'user',
  cost: 10,
  repeat: 'read',
  handler: async (ctx, { q, limit }) => {
    if (q.trim() === '') throw rpcError('SEARCH_QUERY_EMPTY');
    const { own, others } = await ctx.domain.contacts.searchUsers(ctx.userId, q, Math.min(Math.max(limit, 1), LIMIT_MAX));
    return {
      _: 'contacts.found',
      my_results: own.map(peerOf),
      results: others.map(peerOf),
      chats: [],
      users: await ctx.domain.users.projectUsers(ctx.userId, [...own, ...others]),
    };
  },
});
