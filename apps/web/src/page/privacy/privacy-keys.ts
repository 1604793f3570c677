import type { PrivacyKey, PrivacyRule } from '../../protocol/index.ts';
import type { TextKey } from '../../texts/en/index.ts';
import { t } from '../ground/text.ts';

/** What a page says of a key. */
export interface KeyWords {
  /** The part of the address that names the page. */
  path: string;
  title: TextKey;
  /** The question that the rule answers. */
  question: TextKey;
  text?: TextKey;
}

/** The keys that have a page, in the order of the list. */
export const PRIVACY_PAGES = {
  phone: { path: 'phone', title: 'phoneNumberKey', question: 'whoSeesPhone' },
  lastSeen: { path: 'last-seen', title: 'lastSeen', question: 'whoSeesLastSeen', text: 'lastSeenText' },
  photo: { path: 'photo', title: 'profilePhotos', question: 'whoSeesPhoto' },
  bio: { path: 'bio', title: 'bio', question: 'whoSeesBio' },
  birthday: { path: 'birthday', title: 'birthday', question: 'whoSeesBirthday' },
  forwards: { path: 'forwards', title: 'forwardedMessages', question: 'whoLinksForwards', text: 'forwardsText' },
  calls: { path: 'calls', title: 'calls', question: 'whoCalls' },
  callAddress: { path: 'call-address', title: 'callAddress', question: 'whoLearnsAddress', text: 'callAddressText' },
  groups: { path: 'groups', title: 'groupsAndChannels', question: 'whoInvites', text: 'whoInvitesText' },
  voice: { path: 'voice', title: 'voiceMessages', question: 'whoSendsVoice' },
} as const satisfies Partial<Record<PrivacyKey, KeyWords>>;

export type PrivacyPageKey = keyof typeof PRIVACY_PAGES;

export const PRIVACY_PAGE_KEYS = Object.keys(PRIVACY_PAGES) as PrivacyPageKey[];

export const MOST: { id: PrivacyRule['most']; text: TextKey }[] = [
  { id: 'everybody', text: 'everybody' },
  { id: 'contacts', text: 'myContacts' },
  { id: 'nobody', text: 'nobodyElse' },
];

/** A rule in few words, such as "My contacts, +2 −1". */
export function describeRule({ most, always, never }: PrivacyRule): string {
  const exceptions = [always.length > 0 && `+${always.length}`, never.length > 0 && `−${never.length}`].filter((each) => each !== false).join(' ');
  const base = t(MOST.find(({ id }) => id === most)!.text);
  return exceptions === '' ? base : `${base}, ${exceptions}`;
}
