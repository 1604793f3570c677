import type { tl } from '@aerogram/tl';

import { countryOf, SERVICE_CHAT_ID, type UserRow } from '../peers/index.ts';
import type { Relation } from '../relations/index.ts';
import type { ChatFacts } from './peer-bar-store.ts';

/** The facts, besides the relation, on which the action bar depends. */
export interface BarFacts extends ChatFacts {
  /** Whether the other user may see the viewer's phone number. */
  seesNumber: boolean;
}

/**
 * The actions that the bar above a private chat offers: adding the user as a contact or sharing the own phone number, and if a stranger
 * wrote first, also blocking and reporting, with the country of their number and the month in which they signed up. Pure.
 */
export function projectPeerSettings(viewerId: bigint, user: UserRow, relation: Relation, facts: BarFacts): tl.peerSettings {
  const settings: tl.peerSettings = { _: 'peerSettings' };
  if (user.user_id === viewerId || user.user_id === SERVICE_CHAT_ID || user.bot || user.deleted) return settings;
  if (facts.hidden || relation.blocks) return settings;
  if (relation.contact) return facts.seesNumber ? settings : { ...settings, share_contact: true };
  if (!facts.wroteFirst) return { ...settings, add_contact: true };
  // TDLib accepts block_contact only together with report_spam.
  const bar = { ...settings, add_contact: true, block_contact: true, report_spam: true } as const;
  // Another data centre tells neither when people signed up nor, for strangers, their numbers.
  if (user.elsewhere) return bar;
  const country = user.phone === null ? undefined : countryOf(user.phone);
  return { ...bar, registration_month: monthOf(user.created_date), ...(country === undefined ? {} : { phone_country: country }) };
}

/** Formats a date as `MM.YYYY`, the format of `registration_month`. */
function monthOf(date: number): string {
  const [year, month] = new Date(date * 1000).toISOString().split('-');
  return `${month}.${year}`;
}
