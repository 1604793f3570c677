import { defineMethod } from '@aerogram/rpc';

import { accessCommandList } from './command-list.ts';
import { LANG_CODE_LIMIT } from './lang-code-limit.ts';

export const getBotCommands = defineMethod({
  method: 'bots.getBotCommands',
  access: 'bot',
  cost: 1,
  limits: { strings: { lang_code: LANG_CODE_LIMIT } },
  repeat: 'read',
  handler: async (ctx, req) => ctx.domain.botInfos.findCommands(ctx.userId, await accessCommandList(ctx, req)),
});
