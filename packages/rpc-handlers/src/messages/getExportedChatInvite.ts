import { hashOfInviteLink } from '@aerogram/domain';
import { defineMethod } from '@aerogram/rpc';

import { accessInvites, answerInvite } from './invite-call.ts';
import { LINK_LIMIT } from './text-limits.ts';

export const getExportedChatInvite = defineMethod({
  method: 'messages.getExportedChatInvite',
  access: 'user',
  cost: 1,
  limits: { strings: { link: LINK_LIMIT } },
  repeat: 'read',
  async handler(ctx, { peer: input, link }) {
    const invites = await accessInvites(ctx, input);
    return answerInvite(ctx, await invites.find(ctx.userId, hashOfInviteLink(link)));
  },
});
