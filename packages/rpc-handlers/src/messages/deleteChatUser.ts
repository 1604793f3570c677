import { defineMethod } from '@aerogram/rpc';

import { NOTICE_QUOTAS } from '../quotas.ts';
import { actingIn, answerGroup } from '../group-call.ts';

export const deleteChatUser = defineMethod({
  method: 'messages.deleteChatUser',
  access: ['user', 'bot'],
  cost: 2,
  quotas: NOTICE_QUOTAS,
  repeat: 'idempotent',
  presence: 'acting',
  async handler(ctx, { chat_id: chatId, user_id: input, revoke_history: revokesHistory }) {
    const { groups, peers } = ctx.domain;
    const { user_id: userId } = await peers.accessInputUser(ctx.userId, input);
    return answerGroup(ctx, await groups.doRemoveUser(actingIn(ctx, chatId), userId, revokesHistory === true));
  },
});
