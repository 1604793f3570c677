import { RpcError } from '@aerogram/errors';
import { defineMethod, type RpcContext } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

async function accessOrEmpty(ctx: RpcContext, input: tl.InputUser): Promise<bigint | undefined> {
  try {
    return (await ctx.domain.peers.accessInputUser(ctx.userId, input)).user_id;
  } catch (error) {
    if (error instanceof RpcError && error.code === 400) return undefined;
    throw error;
  }
}

function projectEmpty(input: tl.InputUser | undefined): tl.userEmpty {
  return { _: 'userEmpty', id: input && 'user_id' in input ? input.user_id : 0n };
}

/** A user whom the caller may not name becomes userEmpty, because clients match answers with their request by position. */
export const getUsers = defineMethod({
  method: 'users.getUsers',
  access: ['user', 'bot'],
  cost: 1,
  itemCosts: { id: 0.1 },
  limits: { vectors: { id: 200 } },
  repeat: 'read',
  elsewhere: { id: 'works' },
  handler: async (ctx, { id }) => {
    const ids = await Promise.all(id.map((input) => accessOrEmpty(ctx, input)));
    const known = await ctx.domain.users.projectUsers(ctx.userId, ids.filter((one) => one !== undefined));
    const byId = new Map(known.map((user) => [user.id, user]));
    return ids.map((one, index) => (one === undefined ? undefined : byId.get(one)) ?? projectEmpty(id[index]));
  },
});
