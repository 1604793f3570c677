import type { Queries } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import { ME_URL_PREFIX } from '../shared/index.ts';
import { inviteLinkOf } from './invite-hash.ts';
import { findInvite, type InviteRow } from './invite-store.ts';

/** How much of a link of another admin is shown: enough to tell links apart. */
const SHOWN_LINK_LENGTH = ME_URL_PREFIX.length + 5;

/** A link as admins see it. Permanent links have no terms (rule P36, link forms). Pure. */
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

/** A link as an admin may see it: cut short unless the admin has made it or owns the group or channel, because admins let nobody in by the links of others. Pure. */
export function shownInvite({ viewerId, creatorId }: { viewerId: bigint; creatorId: bigint }, invite: tl.ExportedChatInvite): tl.ExportedChatInvite {
  if (invite._ !== 'chatInviteExported' || invite.admin_id === viewerId || creatorId === viewerId) return invite;
  return { ...invite, link: `${invite.link.slice(0, SHOWN_LINK_LENGTH)}...` };
}

/** The whole link by which somebody asks to be let in, as TL. @param ownerId marked @param hash '' without a link; a link may also have been deleted meanwhile */
export async function findRequestLink(reader: Pick<Queries, 'run'>, ownerId: bigint, hash: string): Promise<tl.ExportedChatInvite> {
  const invite = hash === '' ? undefined : await findInvite(reader, ownerId, hash);
  return invite === undefined ? { _: 'chatInvitePublicJoinRequests' } : projectInvite(invite);
}
