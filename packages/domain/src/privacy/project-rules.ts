import type { tl } from '@aerogram/tl';

import type { PrivacyKey, PrivacyRule } from './privacy-rules.ts';

/** A privacy key as a TL object. Pure. */
export function projectKey(key: PrivacyKey): tl.PrivacyKey {
  return { _: `privacyKey${key}` };
}

/** Privacy rules as TL objects for their owner. Pure. */
export function projectRules(rules: readonly PrivacyRule[]): tl.PrivacyRule[] {
  return rules.map(({ kind, ids }): tl.PrivacyRule => {
    switch (kind) {
      case 'AllowUsers':
        return { _: 'privacyValueAllowUsers', users: [...ids] };
      case 'DisallowUsers':
        return { _: 'privacyValueDisallowUsers', users: [...ids] };
      case 'AllowChatParticipants':
        return { _: 'privacyValueAllowChatParticipants', chats: [...ids] };
      case 'DisallowChatParticipants':
        return { _: 'privacyValueDisallowChatParticipants', chats: [...ids] };
      default:
        return { _: `privacyValue${kind}` };
    }
  });
}
