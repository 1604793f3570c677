import { isBotUsername } from '@aerogram/domain';
import { rpcError } from '@aerogram/errors';
import { defineMethod } from '@aerogram/rpc';

export const checkUsername = defineMethod({
  method: 'bots.checkUsername',
  access: 'user',
  cost: 5,
  repeat: 'read',
  async handler(ctx, { username }) {
    const isFree = await ctx.domain.profile.isUsernameFree(ctx.userId, username);
    if (!isBotUsername(username)) throw rpcError('USERNAME_SUFFIX_MISSING');
    if (!isFree) throw rpcError('USERNAME_OCCUPIED');
    return true;
  },
});
