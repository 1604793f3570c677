import { unmarkPeer } from '@aerogram/cluster';
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
        return { _: 'privacyValueAllowChatParticipants', chats: plainIds(ids) };
      case 'DisallowChatParticipants':
        return { _: 'privacyValueDisallowChatParticipants', chats: plainIds(ids) };
      default:
        return { _: `privacyValue${kind}` };
    }
  });
}

/** The ids of groups as TL has them there: neither marked nor with their kind, which follows from the number. */
function plainIds(markedIds: readonly bigint[]): bigint[] {
  return markedIds.map((markedId) => {
    const peer = unmarkPeer(markedId);
    if (peer._ === 'peerUser') throw new Error(`${markedId} is no group`);
    return peer._ === 'peerChat' ? peer.chat_id : peer.channel_id;
  });
}
