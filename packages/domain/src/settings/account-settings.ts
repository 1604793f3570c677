import type { Database, Tx } from '@aerogram/storage';
import { storedEncode } from '@aerogram/tl-compat';
import type { tl } from '@aerogram/tl';

import type { Origin, SubjectDeps } from '../events/index.ts';
import { LoadingCache, onAccountHint, publishDecision } from '../shared/index.ts';
import { listAppSettings, saveAppSettings } from './app-settings-store.ts';
import { DEFAULT_SETTING_VALUES, type SettingName, type SettingValues } from './setting-list.ts';

/** A change of one setting. */
export interface SettingChange<K extends SettingName> {
  ownerId: bigint;
  name: K;
  /**
   * Returns the new value, rebuilt field by field, and the updates that tell the owner's other devices (none if they need not know).
   * Pure. If it throws, the setting stays unchanged and the caller gets the error.
   */
  apply(before: SettingValues[K]): { after: SettingValues[K]; updates?: readonly tl.Update[] };
  origin: Origin | undefined;
}

/** Settings of accounts, each of them one TL object. */
export interface AccountSettings extends Disposable {
  /** Returns all settings of an account. Those that it never changed have their defaults. Cached. */
  find(ownerId: bigint): Promise<SettingValues>;
  /**
   * Changes a setting under the lock of its owner's box. If the value stays the same, nothing is written and nobody is told.
   * @returns the value after the change
   */
  doChange<K extends SettingName>(change: SettingChange<K>): Promise<SettingValues[K]>;
}

const MAX_OWNERS = 20_000;
// The cast is safe: these are the keys of a constant.
const NAMES = Object.keys(DEFAULT_SETTING_VALUES) as SettingName[];

/** Creates the settings of accounts. */
export function createAccountSettings({ db, bus, writeBoxes }: Pick<SubjectDeps, 'db' | 'bus' | 'writeBoxes'>): AccountSettings {
  const cache = new LoadingCache<bigint, SettingValues>({ maxEntries: MAX_OWNERS, load: (owners) => readSettings(db.q, owners) });
  const subscription = onAccountHint(bus, (hint) => {
    if (hint.kind === 'settings') cache.invalidate(hint.userId);
  });
  const reconnected = bus.onReconnect(() => cache.clear());

  return {
    find: async (ownerId) => (await cache.get(ownerId)) ?? DEFAULT_SETTING_VALUES,
    doChange: ({ ownerId, name, apply, origin }) =>
      writeBoxes('save-account-setting', [ownerId], async (tx: Tx, boxes, date) => {
        const before = ((await readSettings(tx.q, [ownerId])).get(ownerId) ?? DEFAULT_SETTING_VALUES)[name];
        const { after, updates } = apply(before);
        if (Buffer.compare(storedEncode(after), storedEncode(before)) === 0) return before;
        await saveAppSettings(tx, ownerId, { kind: name }, after);
        tx.afterCommit(() => {
          cache.invalidate(ownerId);
          return publishDecision(bus, { kind: 'settings', userId: ownerId });
        });
        if (updates) boxes.addLoose(ownerId, date, origin, updates);
        return after;
      }),
    [Symbol.dispose]() {
      subscription[Symbol.dispose]();
      reconnected[Symbol.dispose]();
    },
  };
}

async function readSettings(q: Database['q'], owners: readonly bigint[]): Promise<Map<bigint, SettingValues>> {
  const found = new Map<bigint, SettingValues>();
  for (const { ownerId, kind, settings } of await listAppSettings(q, owners, NAMES)) {
    const before = found.get(ownerId) ?? DEFAULT_SETTING_VALUES;
    // A row with a value of another type was written by another version, and counts as never changed.
    if (settings._ === before[kind]._) found.set(ownerId, { ...before, [kind]: settings });
  }
  return found;
}
