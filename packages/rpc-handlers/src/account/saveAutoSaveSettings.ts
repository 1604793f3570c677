import type { AutoSaveScope } from '@aerogram/domain';
import { rpcError } from '@aerogram/errors';
import { defineMethod } from '@aerogram/rpc';

import { originOf } from '../origin.ts';

export const saveAutoSaveSettings = defineMethod({
  method: 'account.saveAutoSaveSettings',
  access: 'user',
  cost: 5,
  repeat: 'idempotent',
  elsewhere: { peer: 'works' },
  handler: async (ctx, { users, chats, broadcasts, peer, settings }) => {
    const scopes: AutoSaveScope[] = [];
    if (users) scopes.push('users');
    if (chats) scopes.push('chats');
    if (broadcasts) scopes.push('broadcasts');
    if (peer) scopes.push({ peerId: (await ctx.domain.peers.accessInputPeerOrFormer(ctx.userId, peer)).peerId });
    if (scopes.length === 0) throw rpcError('PEER_ID_INVALID');
    await ctx.domain.appSettings.doSaveAutoSave(ctx.userId, scopes, settings, originOf(ctx));
    return true;
  },
});
