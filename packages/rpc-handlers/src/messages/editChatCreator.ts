import { defineMethod } from '@aerogram/rpc';

import { accessProver } from '../auth/access-prover.ts';
import { accessGroup, actingIn, answerGroup } from './group-call.ts';

export const editChatCreator = defineMethod({
  method: 'messages.editChatCreator',
  access: 'user',
  cost: 50,
  quotas: ['passwordGuesses'],
  repeat: 'idempotent',
  presence: 'acting',
  async handler(ctx, request) {
    const { auth, groups, peers } = ctx.domain;
    // Before anything else: clients that name no group learn with an empty proof whether they could give one away.
    await auth.checkTransfer(accessProver(ctx, request), request.password);
    const chatId = await accessGroup(ctx, request.peer);
    const user = await peers.accessInputUser(ctx.userId, request.user_id);
    return answerGroup(ctx, await groups.doEditCreator(actingIn(ctx, chatId), user));
  },
});
