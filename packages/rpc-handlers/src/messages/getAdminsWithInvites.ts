import { defineMethod } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

import { accessInvites, projectNamedUsers } from './invite-call.ts';

export const getAdminsWithInvites = defineMethod({
  method: 'messages.getAdminsWithInvites',
  access: 'user',
  cost: 2,
  repeat: 'read',
  async handler(ctx, { peer: input }) {
    const invites = await accessInvites(ctx, input);
    const admins = (await invites.listInviters(ctx.userId)).map(
      ({ admin_id, active, revoked }): tl.chatAdminWithInvites => ({ _: 'chatAdminWithInvites', admin_id, invites_count: active, revoked_invites_count: revoked }),
    );
    return { _: 'messages.chatAdminsWithInvites', admins, users: await projectNamedUsers(ctx, admins) };
  },
});
