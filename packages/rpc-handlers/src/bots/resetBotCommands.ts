import { defineMethod } from '@aerogram/rpc';

import { accessCommandList } from './command-list.ts';
import { LANG_CODE_LIMIT } from './lang-code-limit.ts';

export const resetBotCommands = defineMethod({
  method: 'bots.resetBotCommands',
  access: 'bot',
  cost: 5,
  limits: { strings: { lang_code: LANG_CODE_LIMIT } },
  repeat: 'idempotent',
  async handler(ctx, req) {
    await ctx.domain.botInfos.doSetCommands(ctx.userId, ctx.userId, await accessCommandList(ctx, req), []);
    return true;
  },
});
