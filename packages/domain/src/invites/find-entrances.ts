import type { Database } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import { mayDo, type Standing } from '../chats/index.ts';
import { findPermanentInvite } from './invite-store.ts';
import { projectInvite } from './project-invite.ts';
import { findPendingRequests } from './request-store.ts';

/** What admins who may let people in see in the full info: their own permanent link, and who asks to be let in. @param peerId marked */
export async function findEntrances(
  db: Database,
  viewerId: bigint,
  { peerId, standing }: { peerId: bigint; standing: Standing },
): Promise<Pick<tl.channelFull, 'exported_invite' | 'requests_pending' | 'recent_requesters'>> {
  if (!mayDo(standing, 'manage_invites')) return {};
  const [invite, { pending, recent }] = await Promise.all([findPermanentInvite(db, peerId, viewerId), findPendingRequests(db, peerId)]);
  const requests = pending > 0 ? { requests_pending: pending, recent_requesters: recent } : {};
  return { exported_invite: invite && projectInvite(invite), ...requests };
}
