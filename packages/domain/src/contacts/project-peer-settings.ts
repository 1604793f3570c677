import type { tl } from '@aerogram/tl';

import { SERVICE_CHAT_ID } from '../users/seed-service-users.ts';
import type { UserRow } from '../users/user-row.ts';
import type { Relation } from './relation.ts';

/** What the bar above a private chat offers: adding, blocking, sharing the own number. Pure. */
export function projectPeerSettings(viewerId: bigint, user: UserRow, relation: Relation): tl.peerSettings {
  const settings: tl.peerSettings = { _: 'peerSettings' };
  if (user.user_id === viewerId || user.user_id === SERVICE_CHAT_ID || user.bot || user.deleted) return settings;
  if (!relation.contact) return { ...settings, add_contact: true, block_contact: true };
  // The contact sees the viewer's number if they added the viewer, or the viewer shared it.
  const numberKnown = relation.reverse !== undefined || relation.contact.shares_phone;
  return numberKnown ? settings : { ...settings, share_contact: true };
}
