import { rpcError } from '@aerogram/errors';
import { defineMethod } from '@aerogram/rpc';

import { ADDING_QUOTAS, NOTICE_QUOTAS } from '../quotas.ts';
import { actingIn, answerInvitation, MISSING_INVITEES_LAYER } from '../group-call.ts';

export const addChatUser = defineMethod({
  method: 'messages.addChatUser',
  access: 'user',
  cost: 3,
  quotas: [...ADDING_QUOTAS, ...NOTICE_QUOTAS],
  repeat: 'idempotent',
  elsewhere: { user_id: 'works' },
  presence: 'acting',
  async handler(ctx, { chat_id: chatId, user_id: input, fwd_limit: forwarded }) {
    const { groups, peers } = ctx.domain;
    const user = await peers.accessInputUser(ctx.userId, input);
    const invitation = await groups.doAddUser(actingIn(ctx, chatId), user, forwarded);
    if (invitation.missing.length > 0 && ctx.caller.layer < MISSING_INVITEES_LAYER) throw rpcError('USER_PRIVACY_RESTRICTED');
    return answerInvitation(ctx, invitation);
  },
});
