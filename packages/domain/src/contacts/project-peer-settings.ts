import type { tl } from '@aerogram/tl';

import { SERVICE_CHAT_ID, type UserRow } from '../peers/index.ts';
import type { Relation } from '../relations/index.ts';

/** What the bar depends on besides the relation. */
export interface BarFacts {
  /** The other user may see the viewer's phone number. */
  seesNumber: boolean;
  /** The viewer closed the bar. */
  hidden: boolean;
  /** The chat began with a message of the other user's. */
  wroteFirst: boolean;
}

/**
 * What the bar above a private chat offers: adding, sharing the own number; blocking and reporting where a stranger began.
 * Pure.
 */
export function projectPeerSettings(viewerId: bigint, user: UserRow, relation: Relation, facts: BarFacts): tl.peerSettings {
  const settings: tl.peerSettings = { _: 'peerSettings' };
  if (user.user_id === viewerId || user.user_id === SERVICE_CHAT_ID || user.bot || user.deleted) return settings;
  if (facts.hidden || relation.blocks) return settings;
  if (relation.contact) return facts.seesNumber ? settings : { ...settings, share_contact: true };
  if (!facts.wroteFirst) return { ...settings, add_contact: true };
  // TDLib knows the offer to block only beside the one to report.
  return { ...settings, add_contact: true, block_contact: true, report_spam: true, registration_month: monthOf(user.created_date) };
}

/** `MM.YYYY`, as clients expect it. */
function monthOf(date: number): string {
  const [year, month] = new Date(date * 1000).toISOString().split('-');
  return `${month}.${year}`;
}
