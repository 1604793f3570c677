import { COMMAND_DESCRIPTION_MAX, COMMANDS_MAX } from '@aerogram/domain';
import { defineMethod } from '@aerogram/rpc';

import { accessCommandList } from './command-list.ts';
import { LANG_CODE_LIMIT } from './lang-code-limit.ts';

export const setBotCommands = defineMethod({
  method: 'bots.setBotCommands',
  access: 'bot',
  cost: 5,
  limits: {
    vectors: { commands: { max: COMMANDS_MAX, error: 'BOT_COMMAND_INVALID' } },
    strings: {
      lang_code: LANG_CODE_LIMIT,
      'commands.command': { max: 32, error: 'BOT_COMMAND_INVALID' },
      'commands.description': { max: 2 * COMMAND_DESCRIPTION_MAX, error: 'BOT_COMMAND_DESCRIPTION_INVALID' },
    },
  },
  repeat: 'idempotent',
  async handler(ctx, req) {
    await ctx.domain.botInfos.doSetCommands(ctx.userId, ctx.userId, await accessCommandList(ctx, req), req.commands);
    return true;
  },
});
