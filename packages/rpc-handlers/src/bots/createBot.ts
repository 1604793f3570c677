import { rpcError } from '@aerogram/errors';
import { defineMethod } from '@aerogram/rpc';

export const createBot = defineMethod({
  method: 'bots.createBot',
  access: 'user',
  cost: 50,
  limits: { strings: { name: { max: 256, error: 'NAME_INVALID' }, username: { max: 64, error: 'USERNAME_INVALID' } } },
  repeat: 'unsafe',
  async handler(ctx, { name, username, manager_id: manager }) {
    const { ownBots, peers, users } = ctx.domain;
    if (manager._ !== 'inputUserEmpty') {
      const row = await peers.accessInputUser(ctx.userId, manager);
      // No bot may manage others: the server has no managed bots.
      throw rpcError(row.bot ? 'MANAGER_PERMISSION_MISSING' : 'MANAGER_INVALID');
    }
    const botId = await ownBots.doCreate(ctx.userId, { name, username });
    const [bot] = await users.projectUsers(ctx.userId, [botId]);
    return bot!;
  },
});
