import { defineMethod } from '@aerogram/rpc';

import { accessProver } from '../auth/access-prover.ts';
import { actingAs, answerChannel } from '../channels/channel-call.ts';
import { NOTICE_QUOTAS } from '../quotas.ts';
import { accessAnyGroup, actingIn, answerGroup } from '../group-call.ts';

export const editChatCreator = defineMethod({
  method: 'messages.editChatCreator',
  access: 'user',
  cost: 50,
  quotas: ['passwordGuesses', ...NOTICE_QUOTAS],
  repeat: 'idempotent',
  presence: 'acting',
  async handler(ctx, request) {
    const { auth, channels, groups, peers } = ctx.domain;
    // Before anything else: clients that name no chat learn with an empty proof whether they could give one away.
    await auth.checkTransfer(accessProver(ctx, request), request.password);
    const peer = await accessAnyGroup(ctx, request.peer);
    const user = await peers.accessInputUser(ctx.userId, request.user_id);
    if (peer.kind === 'chat') return answerGroup(ctx, await groups.doEditCreator(actingIn(ctx, peer.chatId), user));
    return answerChannel(ctx, peer.peerId, await channels.at(peer.channelId).members.doTransfer(actingAs(ctx), user));
  },
});
