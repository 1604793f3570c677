import { defineMethod } from '@aerogram/rpc';

import { accessKnown } from '../access-known.ts';

export const getChats = defineMethod({
  method: 'messages.getChats',
  access: ['user', 'bot'],
  cost: 1,
  limits: { vectors: { id: 200 } },
  repeat: 'read',
  async handler(ctx, { id: ids }) {
    const { peers, chats } = ctx.domain;
    const known = await accessKnown(ids, (id) => peers.accessChatOrFormer(ctx.userId, id));
    return { _: 'messages.chats', chats: await chats.projectChats(ctx.userId, known.map((chat) => chat.peerId)) };
  },
});
