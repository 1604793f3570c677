import { sql } from '@aerogram/storage';

import { AdminRight, type ChannelMemberRow } from '../chats/index.ts';

/** Maximum number of members of a channel that clients can list. Of a larger channel, the members who joined last are listed. */
export const OFFSET_MAX = 10_000;

/** The SQL condition for anonymous admins who are hidden from an ordinary viewer, with the same result as `isAnonymousBeside`. Viewers always see themselves. */
export function anonymousBeside(viewerId: bigint): ReturnType<typeof sql<boolean>> {
  return sql<boolean>`(role <> 'member' AND status = 'member' AND admin_rights & ${AdminRight.anonymous}::integer <> 0 AND user_id <> ${viewerId})`;
}

/** Whether this member is an anonymous admin other than this viewer. */
export function isAnonymousBeside({ role, status, admin_rights, user_id }: ChannelMemberRow, viewerId: bigint): boolean {
  return role !== 'member' && status === 'member' && (admin_rights & AdminRight.anonymous) !== 0 && user_id !== viewerId;
}
