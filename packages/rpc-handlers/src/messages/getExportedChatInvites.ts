import { given, projectInvite } from '@aerogram/domain';
import { defineMethod } from '@aerogram/rpc';

import { accessInvites, accessInvitingAdmin, optionalHash, projectNamedUsers } from './invite-call.ts';
import { LINK_LIMIT } from './text-limits.ts';

/** Lists the invite links of an admin, newest first. */
export const getExportedChatInvites = defineMethod({
  method: 'messages.getExportedChatInvites',
  access: 'user',
  cost: 2,
  limits: { strings: { offset_link: LINK_LIMIT } },
  repeat: 'read',
  async handler(ctx, { peer: input, revoked, admin_id: admin, offset_date, offset_link, limit }) {
    const access = await accessInvites(ctx, input);
    const adminId = await accessInvitingAdmin(ctx, admin);
    const date = given(offset_date);
    const offset = date === undefined ? undefined : { date, hash: optionalHash(offset_link) ?? '' };
    const { rows, count } = await access.list(ctx.userId, { adminId, revoked: revoked === true, offset, limit });
    const invites = rows.map(projectInvite);
    return { _: 'messages.exportedChatInvites', count, invites, users: await projectNamedUsers(ctx, invites) };
  },
});
