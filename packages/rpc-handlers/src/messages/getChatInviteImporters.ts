import { given } from '@aerogram/domain';
import { defineMethod } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

import { accessInvites, optionalHash, projectNamedUsers } from './invite-call.ts';
import { LINK_LIMIT } from './text-limits.ts';

/** Lists the members who came by a link, or the people who ask to be let in, newest first. */
export const getChatInviteImporters = defineMethod({
  method: 'messages.getChatInviteImporters',
  access: 'user',
  // A search by name reads the names of up to 2,000 users.
  cost: 10,
  limits: { strings: { link: LINK_LIMIT, q: 256 } },
  repeat: 'read',
  async handler(ctx, { peer: input, requested, link, q, offset_date, offset_user, limit }) {
    const invites = await accessInvites(ctx, input);
    // The id only marks a position in the list, so the user is not looked up.
    const userId = offset_user._ === 'inputUser' ? offset_user.user_id : offset_user._ === 'inputUserSelf' ? ctx.userId : 0n;
    const offset = given(offset_date) === undefined ? undefined : { date: offset_date, userId };
    const page = { requested: requested === true, hash: optionalHash(link), q: (q ?? '').trim(), offset, limit };
    const { rows, count } = await invites.listEntrants(ctx.userId, page);
    const importers = rows.map((row): tl.chatInviteImporter => ({
      _: 'chatInviteImporter',
      requested: row.requested || undefined,
      user_id: row.user_id,
      date: row.date,
      approved_by: row.requested ? undefined : (row.approved_by ?? undefined),
    }));
    return { _: 'messages.chatInviteImporters', count, importers, users: await projectNamedUsers(ctx, importers) };
  },
});
