import type { tl } from '@aerogram/tl';

import type { Relation } from '../contacts/relation.ts';

/**
 * Who sees what. Everybody has the defaults of a new account: the phone number is for the own contacts,
 * all else for everyone. Last seen is reciprocal by rule, which with these defaults hides nothing.
 * @see https://core.telegram.org/api/privacy
 */
export interface Privacy {
  /** Whether the viewer of `relation` sees the other user's phone number. */
  phoneVisible(relation: Relation): boolean;
  /** Whether the viewer sees when the other user was online. */
  statusVisible(relation: Relation): boolean;
  /** The rules of one key, as its owner sees them. */
  listRules(key: tl.InputPrivacyKey): tl.PrivacyRule[];
}

const ALLOW_ALL: tl.PrivacyRule[] = [{ _: 'privacyValueAllowAll' }];
const ALLOW_CONTACTS: tl.PrivacyRule[] = [{ _: 'privacyValueAllowContacts' }];

/** Makes the privacy of accounts that never changed a rule. */
export function createPrivacy(): Privacy {
  return {
    phoneVisible: ({ contact, reverse }) => (contact !== undefined && contact.phone !== '') || reverse !== undefined,
    statusVisible: () => true,
    listRules: (key) =>
      key._ === 'inputPrivacyKeyPhoneNumber' || key._ === 'inputPrivacyKeyBirthday' ? ALLOW_CONTACTS : ALLOW_ALL,
  };
}
