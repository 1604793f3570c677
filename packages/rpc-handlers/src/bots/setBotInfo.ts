import { defineMethod } from '@aerogram/rpc';

import { accessShownBot } from './access-shown-bot.ts';
import { LANG_CODE_LIMIT } from './lang-code-limit.ts';

export const setBotInfo = defineMethod({
  method: 'bots.setBotInfo',
  access: ['user', 'bot'],
  cost: 10,
  limits: { strings: { lang_code: LANG_CODE_LIMIT } },
  repeat: 'idempotent',
  elsewhere: { bot: 'BOT_INVALID' },
  async handler(ctx, { bot, lang_code: langCode, name, about, description }) {
    const { user_id: botId } = await accessShownBot(ctx, bot);
    await ctx.domain.botInfos.doSetTexts(ctx.userId, botId, langCode, { name, about, description });
    return true;
  },
});
