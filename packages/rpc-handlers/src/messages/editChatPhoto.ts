import { defineMethod } from '@aerogram/rpc';

import { actingIn, answerGroup } from '../group-call.ts';
import { NOTICE_QUOTAS, UPLOAD_QUOTAS } from '../quotas.ts';

export const editChatPhoto = defineMethod({
  method: 'messages.editChatPhoto',
  access: ['user', 'bot'],
  cost: 10,
  quotas: [...UPLOAD_QUOTAS, ...NOTICE_QUOTAS],
  repeat: 'idempotent',
  presence: 'acting',
  async handler(ctx, { chat_id: chatId, photo }) {
    const { files, groups, peers } = ctx.domain;
    const { row } = await peers.accessChat(ctx.userId, chatId);
    const wanted = await files.photos.doPrepareChatPhoto(ctx.userId, photo, row.photo_id);
    return answerGroup(ctx, await groups.doEditPhoto(actingIn(ctx, chatId), wanted));
  },
});
