import { rpcError } from '@aerogram/errors';
import type { tl } from '@aerogram/tl';

import type { Chats } from '../chats/index.ts';
import type { Origin, SubjectDeps } from '../events/index.ts';
import { SERVICE_CHAT_ID } from '../peers/index.ts';
import type { Relation, Relations } from '../relations/index.ts';
import { LoadingCache, onAccountHint, publishAccountHint, publishDecision } from '../shared/index.ts';
import { checkedGlobalSettings, DEFAULT_SETTINGS, projectGlobalSettings } from './global-settings.ts';
import { defaultRules, isAllowed, namesGroups, NO_GROUPS, type PrivacyKey, type PrivacyRule, type ViewerFacts, withAllowedUser } from './privacy-rules.ts';
import { findOwnersPrivacy, type OwnerPrivacy, readRules, saveRules, saveSettings, type SettingsChange, type SettingsRow, UNTOUCHED } from './privacy-store.ts';
import { projectKey, projectRules } from './project-rules.ts';

/** The user whose access is checked. */
export interface Viewer {
  id: bigint;
  bot: boolean;
}

/** A viewer with what an owner's rules may ask about. */
export interface KnownViewer extends Viewer {
  /** Marked ids of those groups that the viewer is in, as far as the rules of the owners at hand name them. */
  groups: ReadonlySet<bigint>;
}

/**
 * Who may see what (core.telegram.org/api/privacy), and other account-wide settings. All code that shows data of one user to another checks
 * here.
 */
export interface Privacy extends Disposable {
  /** Returns the rules and settings of each of these owners. Cached. */
  findOwners(owners: Iterable<bigint>): Promise<Map<bigint, OwnerPrivacy>>;
  /** Same as {@link findOwners} for one owner, but synchronous; undefined if not cached. */
  peekOwner(ownerId: bigint): OwnerPrivacy | undefined;
  /** Whether `ownerId` allows the viewer what the key protects. */
  allows(ownerId: bigint, key: PrivacyKey, viewer: Viewer): Promise<boolean>;
  /**
   * Whether `viewer` may find `ownerId` by phone number. Only the rules count: if blocked viewers could no longer find the account, they
   * would learn of the block.
   */
  mayFindByPhone(ownerId: bigint, viewer: Viewer): Promise<boolean>;
  /** Whether a message of `ownerId` that `viewerId` forwards may link to its author; otherwise only the name is shown. */
  mayLinkForward(ownerId: bigint, viewerId: bigint): Promise<boolean>;
  /** Whether `viewerId` may send voice and video messages to `ownerId`; the error otherwise is VOICE_MESSAGES_FORBIDDEN. */
  maySendVoice(ownerId: bigint, viewerId: bigint): Promise<boolean>;
  /** Whether `viewerId` may add `ownerId` to a group; the error otherwise is USER_PRIVACY_RESTRICTED. */
  mayInvite(ownerId: bigint, viewerId: bigint): Promise<boolean>;
  /** Whether the two users can see when the other read a message: neither of them hides it. */
  showsReadDates(a: bigint, b: bigint): Promise<boolean>;
  /** Returns the rules of one key as their owner set them. */
  findRules(ownerId: bigint, key: PrivacyKey): Promise<readonly PrivacyRule[]>;
  /** Returns the rules of one key as TL objects for their owner. */
  projectRules(ownerId: bigint, key: PrivacyKey): Promise<tl.PrivacyRule[]>;
  /**
   * Sets the rules of one key and tells the owner's other devices.
   * @param rules with marked ids of groups
   * @throws RpcError 400 PRIVACY_TOO_LONG
   */
  doSetRules(ownerId: bigint, key: PrivacyKey, rules: readonly PrivacyRule[], origin: Origin | undefined): Promise<readonly PrivacyRule[]>;
  /** Allows one user what the key protects, in addition to the other rules. Idempotent. */
  doAllowUser(ownerId: bigint, key: PrivacyKey, userId: bigint): Promise<void>;
  findSettings(userId: bigint): Promise<SettingsRow>;
  doChangeSettings(userId: bigint, change: SettingsChange): Promise<void>;
  /** Drops the cached settings; call it after a commit that changed them. */
  settingsChanged(userId: bigint): Promise<void>;
  findGlobalSettings(userId: bigint): Promise<tl.globalPrivacySettings>;
  /**
   * Changes the global privacy settings. The user's other devices are told if the profile shows the change.
   * @throws RpcError 400 AUTOARCHIVE_NOT_AVAILABLE, 403 PRIVACY_PREMIUM_REQUIRED
   */
  doSetGlobalSettings(userId: bigint, settings: tl.globalPrivacySettings): Promise<tl.globalPrivacySettings>;
}

const MAX_OWNERS = 100_000;
/** Maximum number of users and groups in the rules of one key. */
const NAMED_MAX = 1000;
/** Maximum number of groups among them: each is looked up for everybody who is shown the owner. */
const GROUPS_MAX = 100;

/** The facts about a viewer for an owner's rules; `relation` is from the viewer's side. Pure. */
export function factsOf(owner: OwnerPrivacy, viewer: KnownViewer, relation: Relation): ViewerFacts {
  return {
    viewerId: viewer.id,
    isContact: relation.reverse !== undefined,
    isCloseFriend: relation.reverse?.close_friend === true,
    isBot: viewer.bot,
    isPremium: owner.premiumIsEveryone === true && !viewer.bot,
    groups: viewer.groups,
  };
}

const rulesOf = (owner: OwnerPrivacy, key: PrivacyKey): readonly PrivacyRule[] => owner.rules.get(key) ?? defaultRules(key);

/** Whether everybody who is not blocked may see what the key protects. That is the usual case and needs no facts about the viewer. Pure. */
export function isSeenByAll(owner: OwnerPrivacy, key: PrivacyKey): boolean {
  const rules = rulesOf(owner, key);
  return rules.length === 1 && rules[0]!.kind === 'AllowAll';
}

/** Whether an owner's rules allow the viewer of `relation` what the key protects. Always false for blocked viewers. Pure. */
export function isVisible(owner: OwnerPrivacy, key: PrivacyKey, viewer: KnownViewer, relation: Relation): boolean {
  if (relation.blockedBy) return false;
  return isSeenByAll(owner, key) || isAllowed(rulesOf(owner, key), factsOf(owner, viewer, relation));
}

/**
 * Creates the privacy operations.
 * @param parts.findMemberships tells which of the groups that rules name a viewer is in
 */
export function createPrivacy(deps: SubjectDeps, { relations, findMemberships }: { relations: Relations; findMemberships: Chats['findMemberships'] }): Privacy {
  const { db, bus, config, writeBoxes, cardTeller } = deps;
  const cache = new LoadingCache<bigint, OwnerPrivacy>({
    maxEntries: MAX_OWNERS,
    load: (owners) => findOwnersPrivacy(db, owners, config.premium === 'everyone'),
  });
  const subscription = onAccountHint(bus, (hint) => {
    if (hint.kind === 'privacy') cache.invalidate(hint.userId);
  });
  const reconnected = bus.onReconnect(() => cache.clear());

  const privacyChanged = (userId: bigint): Promise<void> => {
    cache.invalidate(userId);
    return publishDecision(bus, { kind: 'privacy', userId });
  };

  const findOwner = async (owner: bigint): Promise<OwnerPrivacy> => (await cache.get(owner)) ?? UNTOUCHED;

  const decide = async (ownerId: bigint, key: PrivacyKey, viewer: Viewer, blocksCount: boolean): Promise<boolean> => {
    // Nothing is hidden from the service account.
    if (viewer.id === ownerId || viewer.id === SERVICE_CHAT_ID) return true;
    const [owner, found] = await Promise.all([findOwner(ownerId), relations.findRelations(viewer.id, [ownerId])]);
    const relation = found.get(ownerId);
    const groups = owner.groups && (await findMemberships([viewer.id], owner.groups)).get(viewer.id);
    return relation !== undefined && isVisible(owner, key, { ...viewer, groups: groups ?? NO_GROUPS }, blocksCount ? relation : { ...relation, blockedBy: false });
  };
  const allows: Privacy['allows'] = (ownerId, key, viewer) => decide(ownerId, key, viewer, true);

  const findRules = async (ownerId: bigint, key: PrivacyKey): Promise<readonly PrivacyRule[]> =>
    rulesOf(await findOwner(ownerId), key);

  const findSettings = async (userId: bigint): Promise<SettingsRow> =>
    (await findOwner(userId)).settings ?? { user_id: userId, ...DEFAULT_SETTINGS };

  const change = async (userId: bigint, settings: SettingsChange): Promise<void> => {
    await db.transact('save-user-settings', (tx) => saveSettings(tx, userId, settings));
    await privacyChanged(userId);
  };

  return {
    findOwners: (owners) => cache.getMany(owners),
    peekOwner: (ownerId) => cache.peek(ownerId) ?? (cache.isKnown(ownerId) ? UNTOUCHED : undefined),
    allows,
    mayFindByPhone: (ownerId, viewer) => decide(ownerId, 'AddedByPhone', viewer, false),
    mayLinkForward: (ownerId, viewerId) => allows(ownerId, 'Forwards', { id: viewerId, bot: false }),
    maySendVoice: (ownerId, viewerId) => allows(ownerId, 'VoiceMessages', { id: viewerId, bot: false }),
    mayInvite: (ownerId, viewerId) => allows(ownerId, 'ChatInvite', { id: viewerId, bot: false }),
    async showsReadDates(a, b) {
      const [one, other] = await Promise.all([findSettings(a), findSettings(b)]);
      return !one.hide_read_marks && !other.hide_read_marks;
    },
    findRules,
    async projectRules(ownerId, key) {
      return projectRules(await findRules(ownerId, key));
    },
    async doSetRules(ownerId, key, rules, origin) {
      const named = (list: readonly PrivacyRule[]): number => list.reduce((sum, rule) => sum + rule.ids.length, 0);
      if (named(rules) > NAMED_MAX || named(rules.filter(({ kind }) => namesGroups(kind))) > GROUPS_MAX) throw rpcError('PRIVACY_TOO_LONG');
      const update: tl.updatePrivacy = { _: 'updatePrivacy', key: projectKey(key), rules: projectRules(rules) };
      await writeBoxes('set-privacy', [ownerId], async (tx, boxes, date) => {
        await saveRules(tx, ownerId, key, rules);
        await cardTeller?.tell(tx, [ownerId], boxes);
        // Runs before the update is published, because the users mentioned in the update are sent along with it.
        tx.afterCommit(() => {
          const isSettled = privacyChanged(ownerId);
          if (key === 'StatusTimestamp') publishAccountHint(bus, { kind: 'status_view', userId: ownerId });
          return isSettled;
        });
        boxes.addLoose(ownerId, date, origin, [update]);
      });
      return rules;
    },
    async doAllowUser(ownerId, key, userId) {
      await writeBoxes('allow-user', [ownerId], async (tx, boxes, date) => {
        const known = (await readRules(tx, ownerId, key)) ?? defaultRules(key);
        const rules = withAllowedUser(known, userId);
        if (rules === known) return;
        await saveRules(tx, ownerId, key, rules);
        await cardTeller?.tell(tx, [ownerId], boxes);
        tx.afterCommit(() => privacyChanged(ownerId));
        const update: tl.updatePrivacy = { _: 'updatePrivacy', key: projectKey(key), rules: projectRules(rules) };
        boxes.addLoose(ownerId, date, undefined, [update]);
      });
    },
    findSettings,
    settingsChanged: privacyChanged,
    doChangeSettings: change,
    findGlobalSettings: async (userId) => projectGlobalSettings(await findSettings(userId)),
    async doSetGlobalSettings(userId, settings) {
      const wanted = checkedGlobalSettings(settings);
      await writeBoxes('set-global-privacy', [userId], async (tx, boxes) => {
        const before = (await findOwnersPrivacy(tx, [userId])).get(userId)?.settings ?? DEFAULT_SETTINGS;
        await saveSettings(tx, userId, wanted);
        if (before.hide_read_marks !== wanted.hide_read_marks) await cardTeller?.tell(tx, [userId], boxes);
        tx.afterCommit(() => privacyChanged(userId));
      });
      return projectGlobalSettings(await findSettings(userId));
    },
    [Symbol.dispose]() {
      subscription[Symbol.dispose]();
      reconnected[Symbol.dispose]();
    },
  };
}
