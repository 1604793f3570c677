import { isIdInBounds, markPeer } from '@aerogram/cluster';
import { rpcError } from '@aerogram/errors';
import { defineMethod } from '@aerogram/rpc';

export const getChats = defineMethod({
  method: 'messages.getChats',
  access: ['user', 'bot'],
  cost: 1,
  limits: { vectors: { id: 200 } },
  repeat: 'read',
  async handler(ctx, { id: ids }) {
    // Greater numbers would mark channels.
    if (!ids.every((id) => isIdInBounds('chat', id))) throw rpcError('CHAT_ID_INVALID');
    const markedIds = new Set(ids.map((chat_id) => markPeer({ _: 'peerChat', chat_id })));
    const chats = await ctx.domain.chats.projectChats(ctx.userId, markedIds);
    if (chats.length < markedIds.size || chats.some((chat) => chat._ === 'chatEmpty')) throw rpcError('CHAT_ID_INVALID');
    return { _: 'messages.chats', chats };
  },
});
