import type { tl } from '@mtcute/core';
import type { PeerId, PrivacyKey, PrivacyRule } from '../../protocol/index.ts';
import { channelIdOf, channelPeer, groupPeer, isChannel, userPeer } from './ids.ts';

/** What the schema calls the keys. */
export const PRIVACY_KEYS = {
  phone: 'inputPrivacyKeyPhoneNumber',
  foundByPhone: 'inputPrivacyKeyAddedByPhone',
  lastSeen: 'inputPrivacyKeyStatusTimestamp',
  photo: 'inputPrivacyKeyProfilePhoto',
  bio: 'inputPrivacyKeyAbout',
  birthday: 'inputPrivacyKeyBirthday',
  forwards: 'inputPrivacyKeyForwards',
  calls: 'inputPrivacyKeyPhoneCall',
  callAddress: 'inputPrivacyKeyPhoneP2P',
  groups: 'inputPrivacyKeyChatInvite',
  voice: 'inputPrivacyKeyVoiceMessages',
} as const satisfies Record<PrivacyKey, tl.TypeInputPrivacyKey['_']>;

/** Marks the id of a group in a rule: supergroups are not told from basic groups but by the list of chats that comes along. */
const groupOf = (id: number, supergroups: ReadonlySet<number>): PeerId => (supergroups.has(id) ? channelPeer(id) : groupPeer(id));

/** Reads a rule. Pure. @param chats the groups that it names */
export function readPrivacy(rules: readonly tl.TypePrivacyRule[], chats: readonly tl.TypeChat[]): PrivacyRule {
  const supergroups = new Set(chats.flatMap((chat) => (chat._ === 'channel' || chat._ === 'channelForbidden' ? [chat.id] : [])));
  const rule: PrivacyRule = { most: 'nobody', always: [], never: [] };
  for (const each of rules) {
    switch (each._) {
      case 'privacyValueAllowAll':
        rule.most = 'everybody';
        break;
      case 'privacyValueAllowContacts':
        rule.most = 'contacts';
        break;
      case 'privacyValueAllowUsers':
        rule.always.push(...each.users.map(userPeer));
        break;
      case 'privacyValueDisallowUsers':
        rule.never.push(...each.users.map(userPeer));
        break;
      case 'privacyValueAllowChatParticipants':
        rule.always.push(...each.chats.map((id) => groupOf(id, supergroups)));
        break;
      case 'privacyValueDisallowChatParticipants':
        rule.never.push(...each.chats.map((id) => groupOf(id, supergroups)));
        break;
      default:
        // What else there is stays as it is, see KEPT; that nobody is allowed is what is left.
        break;
    }
  }
  return rule;
}

/** The rules of other apps that {@link PrivacyRule} has no words for. They stay when a rule is set. */
const KEPT: Partial<Record<tl.TypePrivacyRule['_'], tl.TypeInputPrivacyRule['_']>> = {
  privacyValueAllowCloseFriends: 'inputPrivacyValueAllowCloseFriends',
  privacyValueAllowPremium: 'inputPrivacyValueAllowPremium',
  privacyValueAllowBots: 'inputPrivacyValueAllowBots',
  privacyValueDisallowBots: 'inputPrivacyValueDisallowBots',
  privacyValueDisallowContacts: 'inputPrivacyValueDisallowContacts',
};

const MOST = { everybody: 'inputPrivacyValueAllowAll', contacts: 'inputPrivacyValueAllowContacts', nobody: 'inputPrivacyValueDisallowAll' } as const;

/**
 * Writes a rule. Pure.
 * @param known the rules as they are now
 * @param users names people for the server
 */
export function writePrivacy({ most, always, never }: PrivacyRule, known: readonly tl.TypePrivacyRule[], users: ReadonlyMap<PeerId, tl.TypeInputUser>): tl.TypeInputPrivacyRule[] {
  const people = (peers: readonly PeerId[]): tl.TypeInputUser[] => peers.flatMap((peer) => users.get(peer) ?? []);
  const groups = (peers: readonly PeerId[]): number[] => peers.filter((peer) => peer < 0).map((peer) => (isChannel(peer) ? channelIdOf(peer) : -peer));
  const kept = known.flatMap(({ _: kind }) => KEPT[kind] ?? []).map((kind) => ({ _: kind }) as tl.TypeInputPrivacyRule);
  // What is never allowed stands first, because the first rule that says something about somebody counts.
  const rules: tl.TypeInputPrivacyRule[] = [
    { _: 'inputPrivacyValueDisallowUsers', users: people(never) },
    { _: 'inputPrivacyValueDisallowChatParticipants', chats: groups(never) },
    { _: 'inputPrivacyValueAllowUsers', users: people(always) },
    { _: 'inputPrivacyValueAllowChatParticipants', chats: groups(always) },
  ];
  const named = rules.filter((rule) => ('users' in rule && rule.users.length > 0) || ('chats' in rule && rule.chats.length > 0));
  return [...named, ...kept, { _: MOST[most] }];
}
