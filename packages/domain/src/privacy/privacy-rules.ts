/** The privacy keys. Each is the name of its TL constructors without the prefix `privacyKey`. */
export const PRIVACY_KEYS = [
  'StatusTimestamp',
  'ChatInvite',
  'PhoneCall',
  'PhoneP2P',
  'Forwards',
  'ProfilePhoto',
  'PhoneNumber',
  'AddedByPhone',
  'VoiceMessages',
  'About',
  'Birthday',
  'StarGiftsAutoSave',
  'NoPaidMessages',
  'SavedMusic',
] as const;

export type PrivacyKey = (typeof PRIVACY_KEYS)[number];

/** The kinds of rule. Each is the name of its TL constructors without the prefix `privacyValue`. */
export const RULE_KINDS = [
  'AllowUsers',
  'DisallowUsers',
  'AllowChatParticipants',
  'DisallowChatParticipants',
  'AllowCloseFriends',
  'AllowContacts',
  'DisallowContacts',
  'AllowPremium',
  'AllowBots',
  'DisallowBots',
  'AllowAll',
  'DisallowAll',
] as const;

export type RuleKind = (typeof RULE_KINDS)[number];

export interface PrivacyRule {
  kind: RuleKind;
  /** Ids of users, or marked ids of groups, for the kinds that have some. */
  ids: readonly bigint[];
}

/** The facts about a viewer that an owner's rules depend on. */
export interface ViewerFacts {
  viewerId: bigint;
  /** The owner has the viewer as a contact. */
  isContact: boolean;
  /** The viewer is one of the owner's close friends. */
  isCloseFriend: boolean;
  isBot: boolean;
  isPremium: boolean;
  /** Marked ids of those groups that the rules name and the viewer is in. */
  groups: ReadonlySet<bigint>;
}

/** The groups of a viewer who is in none that matters. */
export const NO_GROUPS: ReadonlySet<bigint> = new Set();

/** Whether a kind of rule names groups. Pure. */
export function namesGroups(kind: RuleKind): boolean {
  return kind === 'AllowChatParticipants' || kind === 'DisallowChatParticipants';
}

/** Precedence of the rules, whatever the order in which the client sent them: more specific rules come first. */
const TIERS: readonly (readonly RuleKind[])[] = [
  ['DisallowUsers', 'AllowUsers'],
  ['DisallowChatParticipants', 'AllowChatParticipants'],
  ['AllowCloseFriends', 'AllowPremium'],
  ['DisallowBots', 'AllowBots'],
  ['DisallowContacts', 'AllowContacts'],
  ['DisallowAll', 'AllowAll'],
];

/**
 * Whether the rules allow a viewer to see the protected data. Rules for single users take precedence over rules for chats, those over rules
 * for groups of people, and those over rules for everybody. Within the same rank "disallow" wins. If no rule applies, the data is hidden.
 * Pure.
 * @see https://core.telegram.org/api/privacy
 */
export function isAllowed(rules: readonly PrivacyRule[], viewer: ViewerFacts): boolean {
  // A fast path for the usual case, because this runs for lists of thousands of users.
  if (rules.length === 1) return rules[0]!.kind.startsWith('Allow') && speaksOf(rules[0]!, viewer);
  for (const tier of TIERS) {
    for (const kind of tier) {
      if (rules.some((rule) => rule.kind === kind && speaksOf(rule, viewer))) return kind.startsWith('Allow');
    }
  }
  return false;
}

function speaksOf({ kind, ids }: PrivacyRule, viewer: ViewerFacts): boolean {
  switch (kind) {
    case 'AllowUsers':
    case 'DisallowUsers':
      return ids.includes(viewer.viewerId);
    case 'AllowChatParticipants':
    case 'DisallowChatParticipants':
      return ids.some((id) => viewer.groups.has(id));
    case 'AllowCloseFriends':
      return viewer.isCloseFriend;
    case 'AllowContacts':
    case 'DisallowContacts':
      return viewer.isContact;
    case 'AllowPremium':
      return viewer.isPremium;
    case 'AllowBots':
    case 'DisallowBots':
      return viewer.isBot;
    case 'AllowAll':
    case 'DisallowAll':
      return true;
  }
}

const CONTACTS: readonly PrivacyRule[] = [{ kind: 'AllowContacts', ids: [] }];
const EVERYBODY: readonly PrivacyRule[] = [{ kind: 'AllowAll', ids: [] }];
const FOR_CONTACTS: ReadonlySet<PrivacyKey> = new Set<PrivacyKey>(['PhoneNumber', 'Birthday', 'PhoneP2P']);

/** The default rules of a key. */
export function defaultRules(key: PrivacyKey): readonly PrivacyRule[] {
  return FOR_CONTACTS.has(key) ? CONTACTS : EVERYBODY;
}

/**
 * Adds a user to the allowed users; returns the same rules if the user is in that list already. Also removes the user from the disallowed
 * users, because the owner has just decided otherwise. Pure.
 */
export function withAllowedUser(rules: readonly PrivacyRule[], userId: bigint): readonly PrivacyRule[] {
  if (rules.some((rule) => rule.kind === 'AllowUsers' && rule.ids.includes(userId))) return rules;
  const named = rules.find((rule) => rule.kind === 'AllowUsers')?.ids ?? [];
  const others = rules.flatMap((rule): PrivacyRule[] => {
    if (rule.kind === 'AllowUsers') return [];
    if (rule.kind !== 'DisallowUsers' || !rule.ids.includes(userId)) return [rule];
    const ids = rule.ids.filter((id) => id !== userId);
    return ids.length === 0 ? [] : [{ kind: rule.kind, ids }];
  });
  return [{ kind: 'AllowUsers', ids: [...named, userId] }, ...others];
}
