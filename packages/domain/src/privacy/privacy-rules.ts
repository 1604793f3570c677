/** What a rule is about; each has the name of its TL constructors behind `privacyKey`. */
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

/** Kinds of rules; each has the name of its TL constructors behind `privacyValue`. */
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
  /** Users or chats, for the kinds that name some. */
  ids: readonly bigint[];
}

/** What of a viewer the rules of an owner look at. */
export interface ViewerFacts {
  viewerId: bigint;
  /** The owner has the viewer as a contact. */
  isContact: boolean;
  /** The owner counts the viewer among the close friends. */
  isCloseFriend: boolean;
  isBot: boolean;
  isPremium: boolean;
  /** Chats that the viewer is in. */
  chatIds: ReadonlySet<bigint>;
}

/** A viewer about whom the owner's lists say nothing. */
export function strangerFacts(viewerId: bigint): ViewerFacts {
  return { viewerId, isContact: false, isCloseFriend: false, isBot: false, isPremium: false, chatIds: new Set() };
}

/** Which rules come first, whatever the order that a client wrote them in: the more exactly one names the viewer. */
const TIERS: readonly (readonly RuleKind[])[] = [
  ['DisallowUsers', 'AllowUsers'],
  ['DisallowChatParticipants', 'AllowChatParticipants'],
  ['AllowCloseFriends', 'AllowPremium'],
  ['DisallowBots', 'AllowBots'],
  ['DisallowContacts', 'AllowContacts'],
  ['DisallowAll', 'AllowAll'],
];

/**
 * Whether the rules let a viewer see what they guard. Named users come before chats, those before groups of people,
 * those before everybody; within one rank "disallow" wins. What no rule speaks of is not seen. Pure.
 * @see https://core.telegram.org/api/privacy
 */
export function isAllowed(rules: readonly PrivacyRule[], viewer: ViewerFacts): boolean {
  // As nearly everybody has it; lists of thousands of people come through here.
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
      return ids.some((id) => viewer.chatIds.has(id));
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

/** The rules of an account that never set this key. */
export function defaultRules(key: PrivacyKey): readonly PrivacyRule[] {
  return FOR_CONTACTS.has(key) ? CONTACTS : EVERYBODY;
}

/**
 * The rules with one more user named as allowed; the same rules where the user is allowed by name already.
 * Whoever was disallowed by name is so no longer: the owner has just decided otherwise. Pure.
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
