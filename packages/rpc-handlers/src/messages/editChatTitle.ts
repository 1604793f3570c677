import { defineMethod } from '@aerogram/rpc';

import { NOTICE_QUOTAS } from '../quotas.ts';
import { actingIn, answerGroup } from '../group-call.ts';

export const editChatTitle = defineMethod({
  method: 'messages.editChatTitle',
  access: ['user', 'bot'],
  cost: 2,
  limits: { strings: { title: 1024 } },
  quotas: NOTICE_QUOTAS,
  repeat: 'idempotent',
  presence: 'acting',
  async handler(ctx, { chat_id: chatId, title }) {
    return answerGroup(ctx, await ctx.domain.groups.doEditTitle(actingIn(ctx, chatId), title));
  },
});
