import { defineMethod } from '@aerogram/rpc';

import { accessInvites, accessInvitingAdmin, actingOnInvites } from './invite-call.ts';

export const deleteRevokedExportedChatInvites = defineMethod({
  method: 'messages.deleteRevokedExportedChatInvites',
  access: 'user',
  cost: 3,
  repeat: 'idempotent',
  presence: 'acting',
  async handler(ctx, { peer: input, admin_id: admin }) {
    const invites = await accessInvites(ctx, input);
    await invites.doDeleteRevoked(actingOnInvites(ctx), await accessInvitingAdmin(ctx, admin));
    return true;
  },
});
