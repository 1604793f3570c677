import type { tl } from '@aerogram/tl';

import { inviteLinkOf } from './invite-hash.ts';
import type { InviteRow } from './invite-store.ts';

/** A link as admins see it. Permanent links have no terms (rule P36). Pure. */
export function projectInvite(row: InviteRow): tl.chatInviteExported {
  const count = (n: number): number | undefined => (n > 0 ? n : undefined);
  return {
    _: 'chatInviteExported',
    revoked: row.revoked || undefined,
    permanent: row.permanent || undefined,
    request_needed: row.request_needed || undefined,
    link: inviteLinkOf(row.hash),
    admin_id: row.admin_id,
    date: row.date,
    start_date: row.start_date ?? undefined,
    expire_date: row.expire_date ?? undefined,
    usage_limit: row.usage_limit ?? undefined,
    usage: count(row.usage),
    requested: row.permanent ? undefined : count(row.requested),
    title: row.title ?? undefined,
  };
}
