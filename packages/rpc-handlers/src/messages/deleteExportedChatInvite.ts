import { hashOfInviteLink } from '@aerogram/domain';
import { defineMethod } from '@aerogram/rpc';

import { accessInvites, actingOnInvites } from './invite-call.ts';
import { LINK_LIMIT } from './text-limits.ts';

export const deleteExportedChatInvite = defineMethod({
  method: 'messages.deleteExportedChatInvite',
  access: 'user',
  cost: 2,
  limits: { strings: { link: LINK_LIMIT } },
  repeat: 'idempotent',
  presence: 'acting',
  async handler(ctx, { peer: input, link }) {
    const invites = await accessInvites(ctx, input);
    await invites.doDelete(actingOnInvites(ctx), hashOfInviteLink(link));
    return true;
  },
});
