import { type Database, defineStatement, type Tables, type Tx } from '@aerogram/storage';
import type { Selectable } from 'kysely';

import { namesGroups, PRIVACY_KEYS, type PrivacyKey, type PrivacyRule, RULE_KINDS, type RuleKind } from './privacy-rules.ts';

export type SettingsRow = Selectable<Tables['user_settings']>;
/** The settings that can change. */
export type SettingsChange = Partial<Omit<SettingsRow, 'user_id'>>;

/** An owner's privacy rules and settings. Keys that were never set are absent. */
export interface OwnerPrivacy {
  rules: ReadonlyMap<PrivacyKey, readonly PrivacyRule[]>;
  settings: SettingsRow | undefined;
  /** Marked ids of the groups that the rules name; absent if they name none, as nearly always. */
  groups?: readonly bigint[] | undefined;
  /** Whether rules for subscribers of Premium mean all people; otherwise they mean nobody. */
  premiumIsEveryone?: boolean;
}

/** The privacy of an account that has not changed anything. */
export const UNTOUCHED: OwnerPrivacy = { rules: new Map(), settings: undefined };

const KEYS: ReadonlySet<string> = new Set(PRIVACY_KEYS);
const KINDS: ReadonlySet<string> = new Set(RULE_KINDS);

const readRulesOf = defineStatement<Selectable<Tables['privacy_rules']>>(
  'read_privacy_rules',
  'SELECT * FROM privacy_rules WHERE owner_id = ANY ($1::bigint[]) ORDER BY owner_id, key, position',
);

const readSettingsOf = defineStatement<SettingsRow>('read_user_settings', 'SELECT * FROM user_settings WHERE user_id = ANY ($1::bigint[])');

/** Reads the rules and settings of these owners; the result has an entry for each of them. */
export async function findOwnersPrivacy(db: Pick<Database, 'run'>, owners: readonly bigint[], premiumIsEveryone = false): Promise<Map<bigint, OwnerPrivacy>> {
  const [{ rows }, { rows: settings }] = await Promise.all([db.run(readRulesOf, [owners]), db.run(readSettingsOf, [owners])]);
  const byOwner = new Map<bigint, Map<PrivacyKey, PrivacyRule[]>>();
  for (const row of rows) {
    if (!isKey(row.key) || !isKind(row.kind)) continue;
    const keys = byOwner.get(row.owner_id) ?? new Map<PrivacyKey, PrivacyRule[]>();
    byOwner.set(row.owner_id, keys);
    keys.set(row.key, [...(keys.get(row.key) ?? []), { kind: row.kind, ids: row.ids }]);
  }
  const settingsOf = new Map(settings.map((row) => [row.user_id, row]));
  return new Map(
    owners.map((owner) => {
      const rules = byOwner.get(owner);
      const row = settingsOf.get(owner);
      return [owner, rules || row ? { rules: rules ?? new Map(), settings: row, groups: rules && groupsOf(rules), premiumIsEveryone } : UNTOUCHED];
    }),
  );
}

function groupsOf(rules: ReadonlyMap<PrivacyKey, readonly PrivacyRule[]>): bigint[] | undefined {
  const named = [...rules.values()].flatMap((list) => list.flatMap(({ kind, ids }) => (namesGroups(kind) ? ids : [])));
  return named.length === 0 ? undefined : [...new Set(named)];
}

/** The groups that the rules of any of these owners name. Pure. */
export function namedGroups(owners: Iterable<OwnerPrivacy | undefined>): readonly bigint[] {
  let named: Set<bigint> | undefined;
  for (const owner of owners) {
    if (owner?.groups === undefined) continue;
    named ??= new Set();
    for (const id of owner.groups) named.add(id);
  }
  return named === undefined ? NONE : [...named];
}

const NONE: readonly bigint[] = [];

function isKey(key: string): key is PrivacyKey {
  return KEYS.has(key);
}

function isKind(kind: string): kind is RuleKind {
  return KINDS.has(kind);
}

/** Reads the rules of one key inside a transaction; undefined if there are none. */
export async function readRules(tx: Tx, ownerId: bigint, key: PrivacyKey): Promise<PrivacyRule[] | undefined> {
  const rows = await tx.q
    .selectFrom('privacy_rules')
    .select(['kind', 'ids'])
    .where('owner_id', '=', ownerId)
    .where('key', '=', key)
    .orderBy('position')
    .execute();
  return rows.length === 0 ? undefined : rows.flatMap(({ kind, ids }) => (isKind(kind) ? [{ kind, ids }] : []));
}

/** Replaces the rules of one key. The owner's counter must be locked, so that rules from two devices are not mixed. */
export async function saveRules(tx: Tx, ownerId: bigint, key: PrivacyKey, rules: readonly PrivacyRule[]): Promise<void> {
  await tx.q.deleteFrom('privacy_rules').where('owner_id', '=', ownerId).where('key', '=', key).execute();
  await tx.q
    .insertInto('privacy_rules')
    .values(rules.map(({ kind, ids }, position) => ({ owner_id: ownerId, key, position, kind, ids: [...ids] })))
    .execute();
}

/** Replaces the rules of all keys of somebody whose home is elsewhere; keys without rules have the default ones. */
export async function replaceAllRules(tx: Tx, ownerId: bigint, rules: ReadonlyMap<PrivacyKey, readonly PrivacyRule[]>): Promise<void> {
  await tx.q.deleteFrom('privacy_rules').where('owner_id', '=', ownerId).execute();
  const rows = [...rules].flatMap(([key, list]) => list.map(({ kind, ids }, position) => ({ owner_id: ownerId, key, position, kind, ids: [...ids] })));
  if (rows.length > 0) await tx.q.insertInto('privacy_rules').values(rows).execute();
}

/** Changes the given settings and leaves the others. Idempotent. */
export async function saveSettings(tx: Tx, userId: bigint, change: SettingsChange): Promise<void> {
  await tx.q
    .insertInto('user_settings')
    .values({ user_id: userId, ...change })
    .onConflict((oc) => oc.column('user_id').doUpdateSet(change))
    .execute();
}
