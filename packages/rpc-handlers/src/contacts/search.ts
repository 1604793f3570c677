import { PeerSet } from '@aerogram/domain';
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
  handler: async (ctx, { q, limit, bots, broadcasts }) => {
    if (q.trim() === '') throw rpcError('SEARCH_QUERY_EMPTY');
    const found = await ctx.domain.contacts.searchUsers(ctx.userId, q, Math.min(Math.max(limit, 1), LIMIT_MAX));
    const rows = await ctx.domain.users.findRows([...found.own, ...found.others]);
    // There are no channels to find.
    const fits = (id: bigint): boolean => !broadcasts && (!bots || rows.get(id)?.bot === true);
    const [own, others] = [found.own.filter(fits), found.others.filter(fits)];
    return {
      _: 'contacts.found',
      my_results: own.map(peerOf),
      results: others.map(peerOf),
      ...(await ctx.domain.projectPeers(ctx.userId, new PeerSet([...own, ...others]))),
    };
  },
});
