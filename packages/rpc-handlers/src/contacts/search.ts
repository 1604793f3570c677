import { unmarkPeer } from '@aerogram/cluster';
import { pageSize, PeerSet, usernameIn } from '@aerogram/domain';
import { RpcError, rpcError } from '@aerogram/errors';
import { defineMethod, type RpcContext } from '@aerogram/rpc';

const LIMIT_MAX = 100;

/** What was found, by marked id. */
interface Found {
  own: bigint[];
  others: bigint[];
}

export const search = defineMethod({
  method: 'contacts.search',
  access: 'user',
  cost: 10,
  repeat: 'read',
  handler: async (ctx, { q, limit: wanted, bots = false, broadcasts = false }) => {
    if (q.trim() === '') throw rpcError('SEARCH_QUERY_EMPTY');
    const limit = pageSize(wanted, LIMIT_MAX);
    const [users, chats, named] = await Promise.all([
      broadcasts ? NONE : searchUsers(ctx, q, limit, bots),
      bots ? NONE : ctx.domain.channels.searchChats(ctx.userId, { text: q, limit, broadcasts }),
      findNamed(ctx, usernameIn(q)),
    ]);
    const own = mix(users.own, chats.own, named).slice(0, limit);
    // The words of people elsewhere are not in the index of this data centre: they are found by the whole username.
    const isOther = named !== undefined && !broadcasts && !own.includes(named) && (await isElsewhere(ctx, named, bots));
    const others = mix(isOther ? [...users.others, named] : users.others, chats.others, named).slice(0, limit);
    return {
      _: 'contacts.found',
      my_results: own.map(unmarkPeer),
      results: others.map(unmarkPeer),
      ...(await ctx.domain.projectPeers(ctx.userId, new PeerSet([...own, ...others]))),
    };
  },
});

const NONE: Found = { own: [], others: [] };

/**
 * Finds the peer with exactly this username. A group or channel elsewhere, and whoever lives in a data centre that is away, is left out, because the rest of
 * the answer is useful without.
 */
async function findNamed(ctx: RpcContext, username: string): Promise<bigint | undefined> {
  return ctx.domain.contacts.findNamed(ctx.userId, username).catch((error: unknown) => {
    if (error instanceof RpcError && (error.code === 500 || error.entry === 'CHAT_ELSEWHERE')) return undefined;
    throw error;
  });
}

async function isElsewhere(ctx: RpcContext, peerId: bigint, bots: boolean): Promise<boolean> {
  const row = await ctx.domain.users.findRow(peerId);
  return row?.elsewhere === true && (!bots || row.bot);
}

async function searchUsers(ctx: RpcContext, q: string, limit: number, bots: boolean): Promise<Found> {
  const found = await ctx.domain.contacts.searchUsers(ctx.userId, q, limit);
  if (!bots) return found;
  const rows = await ctx.domain.users.findRows([...found.own, ...found.others]);
  const isBot = (id: bigint): boolean => rows.get(id)?.bot === true;
  return { own: found.own.filter(isBot), others: found.others.filter(isBot) };
}

/** Takes users and chats in turns, so that a short list has both. The peer with exactly the name that was searched for comes first. */
function mix(users: readonly bigint[], chats: readonly bigint[], named: bigint | undefined): bigint[] {
  const mixed: bigint[] = [];
  for (let at = 0; at < Math.max(users.length, chats.length); at++) mixed.push(...users.slice(at, at + 1), ...chats.slice(at, at + 1));
  return named !== undefined && mixed.includes(named) ? [named, ...mixed.filter((peerId) => peerId !== named)] : mixed;
}
