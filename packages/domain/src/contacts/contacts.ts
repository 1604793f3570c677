import { userTopic } from '@aerogram/bus';
import { rpcError } from '@aerogram/errors';
import type { tl } from '@aerogram/tl';

import { findNormalPhone } from '../auth/phone-number.ts';
import type { DomainDeps } from '../deps.ts';
import type { UserHint } from '../updates/box-event.ts';
import { cleanLine } from '../users/check-name.ts';
import type { UserRow } from '../users/user-row.ts';
import type { Users } from '../users/users.ts';
import { type ContactEntry, deleteContacts, findContacts, saveContacts } from './contact-store.ts';
import { LookupBudget } from './lookup-budget.ts';
import { projectPeerSettings } from './project-peer-settings.ts';
import type { ContactRow } from './relation.ts';
import type { Relations } from './relations.ts';
import { searchUsers, type FoundUsers } from './search-users.ts';

/** One entry of an address book. */
export interface PhoneEntry {
  clientId: bigint;
  phone: string;
  firstName: string;
  lastName: string;
}

export interface ImportResult {
  imported: { userId: bigint; clientId: bigint }[];
  /** Entries that were not looked at: the list is full, or too many numbers were looked up today. */
  retry: bigint[];
}

export interface Contacts {
  listContacts(ownerId: bigint): Promise<ContactRow[]>;
  /** Looks the numbers up and adds who is here. Repeating it changes nothing more. */
  doImportContacts(ownerId: bigint, entries: readonly PhoneEntry[]): Promise<ImportResult>;
  /** Adds or renames a contact. @throws RpcError 400 CONTACT_NAME_EMPTY, CONTACT_ID_INVALID */
  doAddContact(ownerId: bigint, user: UserRow, entry: Omit<ContactEntry, 'user_id'>): Promise<tl.Update[]>;
  /** Removes contacts; those that are none are passed over. */
  doDeleteContacts(ownerId: bigint, ids: readonly bigint[]): Promise<tl.Update[]>;
  /** The user of a phone number, if there is one. @throws RpcError 420 FLOOD_WAIT when too many were looked up today */
  findByPhone(viewerId: bigint, phone: string): Promise<UserRow | undefined>;
  /** What the bar above the chat with this user offers. */
  findPeerSettings(viewerId: bigint, user: UserRow): Promise<tl.peerSettings>;
  /** Contacts by name, and users by the beginning of a username. */
  searchUsers(viewerId: bigint, query: string, limit: number): Promise<FoundUsers>;
}

const CONTACTS_MAX = 5000;
const NAME_MAX = 64;
const NOTE_MAX = 128;

/** Makes the contacts subject. */
export function createContacts(deps: DomainDeps, parts: { users: Users; relations: Relations }): Contacts {
  const { db, bus, clock } = deps;
  const { users, relations } = parts;
  const budget = new LookupBudget(clock);

  /** To the owner's devices that are here; others ask for the list when they come. */
  const push = (ownerId: bigint, update: tl.Update): void => {
    bus.publish(userTopic(ownerId), { kind: 'transient', owner: ownerId, update } satisfies UserHint);
  };

  const settingsUpdate = async (ownerId: bigint, user: UserRow): Promise<tl.updatePeerSettings> => ({
    _: 'updatePeerSettings',
    peer: { _: 'peerUser', user_id: user.user_id },
    settings: projectPeerSettings(ownerId, user, await users.findRelation(ownerId, user.user_id)),
  });

  const findByPhones = async (phones: readonly string[]): Promise<Map<string, UserRow>> => {
    if (phones.length === 0) return new Map();
    const entries = await db.q
      .selectFrom('phones')
      .select(['phone', 'user_id'])
      .where('phone', 'in', [...new Set(phones)])
      .where('confirmed', '=', true)
      .execute();
    const rows = await users.findRows(entries.map((entry) => entry.user_id));
    const found = new Map<string, UserRow>();
    for (const entry of entries) {
      const row = rows.get(entry.user_id);
      if (row && !row.deleted) found.set(entry.phone, row);
    }
    return found;
  };

  return {
    listContacts: (ownerId) => findContacts(db.q, ownerId),

    async doImportContacts(ownerId, entries) {
      const wanted = entries.map((entry) => ({ entry, phone: findNormalPhone(entry.phone) }));
      const [found, known] = await Promise.all([
        findByPhones(wanted.flatMap(({ phone }) => phone ?? [])),
        findContacts(db.q, ownerId),
      ]);
      const have = new Set(known.map((row) => row.user_id));
      const result: ImportResult = { imported: [], retry: [] };
      const save = new Map<bigint, ContactEntry>();
      const allowed = budget.take(ownerId, wanted.length);
      for (const [index, { entry, phone }] of wanted.entries()) {
        if (index >= allowed) {
          result.retry.push(entry.clientId);
          continue;
        }
        const user = phone === undefined ? undefined : found.get(phone);
        if (!user || phone === undefined || user.user_id === ownerId) continue;
        have.add(user.user_id);
        if (have.size > CONTACTS_MAX) {
          result.retry.push(entry.clientId);
          continue;
        }
        const first = cleanLine(entry.firstName).slice(0, NAME_MAX);
        const last = cleanLine(entry.lastName).slice(0, NAME_MAX);
        const names = first === '' && last === '' ? { first_name: user.first_name, last_name: user.last_name } : { first_name: first, last_name: last };
        save.set(user.user_id, { user_id: user.user_id, phone, ...names });
        result.imported.push({ userId: user.user_id, clientId: entry.clientId });
      }
      await db.transact('import-contacts', (tx) => saveContacts(tx, ownerId, [...save.values()], clock.now()));
      for (const userId of save.keys()) relations.relationChanged(ownerId, userId);
      if (save.size > 0) push(ownerId, { _: 'updateContactsReset' });
      return result;
    },

    async doAddContact(ownerId, user, entry) {
      const first_name = cleanLine(entry.first_name).slice(0, NAME_MAX);
      const last_name = cleanLine(entry.last_name).slice(0, NAME_MAX);
      if (first_name === '' && last_name === '') throw rpcError('CONTACT_NAME_EMPTY');
      if (user.user_id === ownerId || user.deleted) throw rpcError('CONTACT_ID_INVALID');
      const note = cleanLine(entry.note ?? '').slice(0, NOTE_MAX);
      // The number an owner types is a note of theirs, it proves nothing: only a matching one is kept as known.
      const phone = findNormalPhone(entry.phone) === user.phone ? (user.phone ?? '') : '';
      await db.transact('add-contact', (tx) =>
        saveContacts(tx, ownerId, [{ ...entry, user_id: user.user_id, first_name, last_name, phone, note }], clock.now()),
      );
      relations.relationChanged(ownerId, user.user_id);
      const update = await settingsUpdate(ownerId, user);
      push(ownerId, update);
      return [update];
    },

    async doDeleteContacts(ownerId, ids) {
      const gone = await db.transact('delete-contacts', (tx) => deleteContacts(tx, ownerId, ids));
      const updates: tl.Update[] = [];
      for (const id of gone) {
        relations.relationChanged(ownerId, id);
        const row = await users.findRow(id);
        if (row) updates.push(await settingsUpdate(ownerId, row));
      }
      for (const update of updates) push(ownerId, update);
      return updates;
    },

    async findByPhone(viewerId, phone) {
      if (budget.take(viewerId, 1) === 0) throw rpcError('FLOOD_WAIT_%d', budget.waitS(viewerId));
      const number = findNormalPhone(phone);
      return number === undefined ? undefined : (await findByPhones([number])).get(number);
    },

    async findPeerSettings(viewerId, user) {
      return projectPeerSettings(viewerId, user, await users.findRelation(viewerId, user.user_id));
    },

    searchUsers: (viewerId, query, limit) => searchUsers(db.q, viewerId, query, limit),
  };
}
