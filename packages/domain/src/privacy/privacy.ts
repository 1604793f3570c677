import { rpcError } from '@aerogram/errors';
import type { tl } from '@aerogram/tl';

import type { Origin, SubjectDeps } from '../events/index.ts';
import { SERVICE_CHAT_ID } from '../peers/index.ts';
import type { Relation, Relations } from '../relations/index.ts';
import { LoadingCache, onAccountHint, publishAccountHint } from '../shared/index.ts';
import { checkedSettings, DEFAULT_SETTINGS, projectSettings } from './global-settings.ts';
import { defaultRules, isAllowed, type PrivacyKey, type PrivacyRule, type ViewerFacts, withAllowedUser } from './privacy-rules.ts';
import { findOwnersPrivacy, type OwnerPrivacy, readRules, saveRules, saveSettings, type SettingsChange, type SettingsRow, UNTOUCHED } from './privacy-store.ts';
import { projectKey, projectRules } from './project-rules.ts';

/** Who looks, besides what lies between the two. */
export interface Viewer {
  id: bigint;
  bot: boolean;
}

/**
 * Who sees what (core.telegram.org/api/privacy), and what else a user decides about the whole account.
 * Everything that shows something of one user to another asks here.
 */
export interface Privacy extends Disposable {
  /** What these owners decided; every owner is answered. Cached. */
  findOwners(owners: Iterable<bigint>): Promise<Map<bigint, OwnerPrivacy>>;
  /** The same of one owner without a read: undefined when it is not known here. */
  peekOwner(ownerId: bigint): OwnerPrivacy | undefined;
  /** Whether `viewerId` sees, or may do to, `ownerId` what the key guards. */
  allows(ownerId: bigint, key: PrivacyKey, viewer: Viewer): Promise<boolean>;
  /**
   * Whether `viewer` may find `ownerId` by phone number: by the rules alone. A blocked viewer is not told of the block by an
   * account that is suddenly absent.
   */
  mayFindByPhone(ownerId: bigint, viewer: Viewer): Promise<boolean>;
  /** Whether a message of `ownerId` that `viewerId` forwards links to its author; else only the name is given. */
  mayLinkForward(ownerId: bigint, viewerId: bigint): Promise<boolean>;
  /** Whether `viewerId` may send `ownerId` voice and round video messages; VOICE_MESSAGES_FORBIDDEN otherwise. */
  maySendVoice(ownerId: bigint, viewerId: bigint): Promise<boolean>;
  /** Whether `viewerId` may put `ownerId` into a group; USER_PRIVACY_RESTRICTED otherwise. */
  mayInvite(ownerId: bigint, viewerId: bigint): Promise<boolean>;
  /** Whether reading marks between the two show their time: neither hides the own ones. */
  showsReadDates(a: bigint, b: bigint): Promise<boolean>;
  /** The rules of one key, as their owner gave them. */
  findRules(ownerId: bigint, key: PrivacyKey): Promise<readonly PrivacyRule[]>;
  /** The rules of one key as their owner gets them. */
  projectRules(ownerId: bigint, key: PrivacyKey): Promise<tl.PrivacyRule[]>;
  /** Sets the rules of one key; the owner's other devices are told. @throws RpcError 400 PRIVACY_TOO_LONG */
  doSetRules(ownerId: bigint, key: PrivacyKey, rules: readonly PrivacyRule[], origin: Origin | undefined): Promise<readonly PrivacyRule[]>;
  /** Lets one user see what the key guards, whoever else does. Repeating it changes nothing more. */
  doAllowUser(ownerId: bigint, key: PrivacyKey, userId: bigint): Promise<void>;
  findSettings(userId: bigint): Promise<SettingsRow>;
  doChangeSettings(userId: bigint, change: SettingsChange): Promise<void>;
  /** After a commit that changed settings: caches forget what was. */
  settingsChanged(userId: bigint): void;
  findGlobalSettings(userId: bigint): Promise<tl.globalPrivacySettings>;
  /** @throws RpcError 400 AUTOARCHIVE_NOT_AVAILABLE, 403 PRIVACY_PREMIUM_REQUIRED */
  doSetGlobalSettings(userId: bigint, settings: tl.globalPrivacySettings): Promise<tl.globalPrivacySettings>;
}

const MAX_OWNERS = 100_000;
/** Users and chats that the rules of one key may name. */
const NAMED_MAX = 1000;
const NO_CHATS: ReadonlySet<bigint> = new Set();

/** What the rules of an owner see of a viewer; `relation` is the pair as the viewer sees it. Pure. */
export function factsOf(viewer: Viewer, relation: Relation): ViewerFacts {
  return {
    viewerId: viewer.id,
    isContact: relation.reverse !== undefined,
    isCloseFriend: relation.reverse?.close_friend === true,
    isBot: viewer.bot,
    isPremium: false,
    chatIds: NO_CHATS,
  };
}

const rulesOf = (owner: OwnerPrivacy, key: PrivacyKey): readonly PrivacyRule[] => owner.rules.get(key) ?? defaultRules(key);

/** Whether whoever is not blocked sees what the key guards, as it is with most owners: nothing of the viewer has to be looked at. Pure. */
export function isSeenByAll(owner: OwnerPrivacy, key: PrivacyKey): boolean {
  const rules = rulesOf(owner, key);
  return rules.length === 1 && rules[0]!.kind === 'AllowAll';
}

/** Whether an owner's rules let the viewer of `relation` see what the key guards. Blocked ones see nothing of it. Pure. */
export function isVisible(owner: OwnerPrivacy, key: PrivacyKey, viewer: Viewer, relation: Relation): boolean {
  if (relation.blockedBy) return false;
  return isSeenByAll(owner, key) || isAllowed(rulesOf(owner, key), factsOf(viewer, relation));
}

/** Makes the privacy subject. */
export function createPrivacy(deps: SubjectDeps, relations: Relations): Privacy {
  const { db, bus, writeBoxes } = deps;
  const cache = new LoadingCache<bigint, OwnerPrivacy>({
    maxEntries: MAX_OWNERS,
    load: (owners) => findOwnersPrivacy(db, owners),
  });
  const subscription = onAccountHint(bus, (hint) => {
    if (hint.kind === 'privacy') cache.invalidate(hint.userId);
  });
  const reconnected = bus.onReconnect(() => cache.clear());

  const privacyChanged = (userId: bigint): void => {
    cache.invalidate(userId);
    publishAccountHint(bus, { kind: 'privacy', userId });
  };

  const findOwner = async (owner: bigint): Promise<OwnerPrivacy> => (await cache.get(owner)) ?? UNTOUCHED;

  const decide = async (ownerId: bigint, key: PrivacyKey, viewer: Viewer, blocksCount: boolean): Promise<boolean> => {
    // The service itself is nobody from whom one could hide.
    if (viewer.id === ownerId || viewer.id === SERVICE_CHAT_ID) return true;
    const [owner, found] = await Promise.all([findOwner(ownerId), relations.findRelations(viewer.id, [ownerId])]);
    const relation = found.get(ownerId);
    return relation !== undefined && isVisible(owner, key, viewer, blocksCount ? relation : { ...relation, blockedBy: false });
  };
  const allows: Privacy['allows'] = (ownerId, key, viewer) => decide(ownerId, key, viewer, true);

  const findRules = async (ownerId: bigint, key: PrivacyKey): Promise<readonly PrivacyRule[]> =>
    rulesOf(await findOwner(ownerId), key);

  const findSettings = async (userId: bigint): Promise<SettingsRow> =>
    (await findOwner(userId)).settings ?? { user_id: userId, ...DEFAULT_SETTINGS };

  const change = async (userId: bigint, settings: SettingsChange): Promise<void> => {
    await db.transact('save-user-settings', (tx) => saveSettings(tx, userId, settings));
    privacyChanged(userId);
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
      if (rules.reduce((sum, rule) => sum + rule.ids.length, 0) > NAMED_MAX) throw rpcError('PRIVACY_TOO_LONG');
      const update: tl.updatePrivacy = { _: 'updatePrivacy', key: projectKey(key), rules: projectRules(rules) };
      await writeBoxes('set-privacy', [ownerId], async (tx, boxes, date) => {
        await saveRules(tx, ownerId, key, rules);
        // Before the update is published: the users whom it names travel with it.
        tx.afterCommit(() => {
          privacyChanged(ownerId);
          if (key === 'StatusTimestamp') publishAccountHint(bus, { kind: 'status_view', userId: ownerId });
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
        tx.afterCommit(() => privacyChanged(ownerId));
        const update: tl.updatePrivacy = { _: 'updatePrivacy', key: projectKey(key), rules: projectRules(rules) };
        boxes.addLoose(ownerId, date, undefined, [update]);
      });
    },
    findSettings,
    settingsChanged: privacyChanged,
    doChangeSettings: change,
    findGlobalSettings: async (userId) => projectSettings(await findSettings(userId)),
    async doSetGlobalSettings(userId, settings) {
      await change(userId, checkedSettings(settings));
      return projectSettings(await findSettings(userId));
    },
    [Symbol.dispose]() {
      subscription[Symbol.dispose]();
      reconnected[Symbol.dispose]();
    },
  };
}
