import { defineMethod } from '@aerogram/rpc';

import { accessShownBot } from './access-shown-bot.ts';
import { LANG_CODE_LIMIT } from './lang-code-limit.ts';

export const getBotInfo = defineMethod({
  method: 'bots.getBotInfo',
  access: ['user', 'bot'],
  cost: 1,
  limits: { strings: { lang_code: LANG_CODE_LIMIT } },
  repeat: 'read',
  elsewhere: { bot: 'BOT_INVALID' },
  async handler(ctx, { bot, lang_code: langCode }) {
    const texts = await ctx.domain.botInfos.findTexts(await accessShownBot(ctx, bot), langCode);
    return { _: 'bots.botInfo', ...texts };
  },
});
