import { rpcError } from '@aerogram/errors';
import type { Tx } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import type { Boxes, Origin, SubjectDeps } from '../events/index.ts';
import { findNormalPhone, type PhotoColumns, type UserRow } from '../peers/index.ts';
import { type Privacy, UNTOUCHED } from '../privacy/index.ts';
import type { Relations } from '../relations/index.ts';
import { allDecided } from '../shared/index.ts';
import type { Users } from '../users/index.ts';
import {
  type ContactEntry,
  type ContactIds,
  deleteContacts,
  deleteUnmatched,
  findContactIds,
  findContacts,
  saveCloseFriends,
  saveContactPhoto,
  saveContacts,
  saveNote,
  saveUnmatched,
} from './contact-store.ts';
import type { FindElsewhere } from './find-elsewhere.ts';
import { LookupBudget } from './lookup-budget.ts';
import { matchPhones } from './match-phones.ts';
import type { PeerBars } from './peer-bars.ts';
import { cleanName, cleanNote, type ImportResult, type PhoneEntry, planImport } from './plan-import.ts';
import { tellContacts } from './relation-effects.ts';
import { type FoundUsers, searchUsers } from './search-users.ts';

/** If more close friend marks than this change, one updateContactsReset is sent instead of an update for each. */
const TOLD_MAX = 100;

/** Logs updates for the owner's other devices in the open transaction. */
type Tell = (updates: readonly tl.Update[]) => void;

/** A transaction with the owner's box open. */
type Change<T> = (tx: Tx, tell: Tell, boxes: Boxes) => Promise<T>;

/** What {@link Contacts} needs of other subjects. */
interface ContactsParts {
  users: Users;
  relations: Relations;
  privacy: Privacy;
  peerBars: PeerBars;
  keepPhotos(tx: Tx, ownerId: bigint): Promise<void>;
  /** Finds people of other data centres; absent where there are none. */
  elsewhere: FindElsewhere | undefined;
  /** Called when people are no strangers to the owner any more. */
  noteKnown(ownerId: bigint, userIds: readonly bigint[]): Promise<void> | undefined;
}

/** The address book of a user: contacts, and phone numbers that belong to no account. */
export class Contacts {
  readonly #deps: SubjectDeps;
  readonly #parts: ContactsParts;
  readonly #budget: LookupBudget;

  constructor(deps: SubjectDeps, parts: ContactsParts) {
    this.#deps = deps;
    this.#parts = parts;
    this.#budget = new LookupBudget(deps);
  }

  /** Lists the ids of an owner's contacts, and of the mutual ones among them. */
  listContactIds(ownerId: bigint): Promise<ContactIds> {
    return findContactIds(this.#deps.db, ownerId);
  }

  /** Lists the phone numbers of the address book that belong to no account. */
  async listUnmatched(ownerId: bigint): Promise<tl.savedPhoneContact[]> {
    const rows = await this.#deps.db.q.selectFrom('saved_contacts').selectAll().where('owner_id', '=', ownerId).orderBy('phone').execute();
    return rows.map(({ phone, first_name, last_name, created_date }) => ({
      _: 'savedPhoneContact',
      phone,
      first_name,
      last_name,
      date: created_date,
    }));
  }

  /** Looks up the phone numbers and adds the users who may be found by them. Idempotent. */
  async doImportContacts(ownerId: bigint, entries: readonly PhoneEntry[], origin?: Origin, address?: string): Promise<ImportResult> {
    const { db, clock } = this.#deps;
    const { count: allowed } = await this.#budget.take({ userId: ownerId, address }, entries.length);
    const wanted = entries.slice(0, allowed).flatMap((entry) => {
      const phone = findNormalPhone(entry.phone);
      return phone === undefined ? [] : [{ entry, phone }];
    });
    const unknown = new Set<string>();
    const [found, known] = await Promise.all([
      this.#match(ownerId, wanted.map(({ phone }) => phone), unknown),
      findContactIds(db, ownerId),
    ]);
    const { imported, retry, save, unmatched } = planImport({ ownerId, entries: wanted, found, unknown, known });
    await this.#change('import-contacts', ownerId, async (tx, tell, boxes) => {
      await saveContacts(tx, ownerId, save, clock.now());
      await tellContacts(this.#deps, { tx, boxes }, ownerId, save.map((entry) => entry.user_id));
      await saveUnmatched(tx, ownerId, unmatched, clock.now());
      await deleteUnmatched(tx, ownerId, save.map((entry) => entry.phone));
      this.#forget(tx, ownerId, save.map((entry) => entry.user_id));
      if (save.length > 0) tell([{ _: 'updateContactsReset' }]);
    }, origin);
    await this.#parts.noteKnown(ownerId, save.map((entry) => entry.user_id));
    return { imported, retry: [...entries.slice(allowed).map((entry) => entry.clientId), ...retry] };
  }

  /**
   * Adds or renames a contact.
   * @param entry with `sharesPhone`, the contact may also see the owner's phone number
   * @throws RpcError 400 CONTACT_NAME_EMPTY, CONTACT_ID_INVALID
   */
  async doAddContact(ownerId: bigint, user: UserRow, { sharesPhone, ...entry }: Omit<ContactEntry, 'user_id'> & { sharesPhone?: boolean }, origin?: Origin): Promise<tl.Update[]> {
    const first_name = cleanName(entry.first_name);
    const last_name = cleanName(entry.last_name);
    if (first_name === '' && last_name === '') throw rpcError('CONTACT_NAME_EMPTY');
    if (user.user_id === ownerId || user.deleted) throw rpcError('CONTACT_ID_INVALID');
    const phone = await this.#knownNumber(ownerId, user, entry.phone);
    const saved = { ...entry, user_id: user.user_id, first_name, last_name, phone, note: cleanNote(entry.note) };
    if (sharesPhone) await this.#parts.privacy.doAllowUser(ownerId, 'PhoneNumber', user.user_id);
    const updates = await this.#changeBars('add-contact', ownerId, async (tx, tell, boxes) => {
      await saveContacts(tx, ownerId, [saved], this.#deps.clock.now());
      await tellContacts(this.#deps, { tx, boxes }, ownerId, [user.user_id]);
      this.#forget(tx, ownerId, [user.user_id]);
      // The update of the action bar carries the new names. Devices load the note only after `updateUser`.
      if (saved.note !== '') tell([{ _: 'updateUser', user_id: user.user_id }]);
      return [user];
    }, origin);
    await this.#parts.noteKnown(ownerId, [user.user_id]);
    return updates;
  }

  /**
   * Allows a contact to see the owner's phone number.
   * @throws RpcError 400 CONTACT_ADD_MISSING (not a contact), CONTACT_REQ_MISSING (may see it already)
   */
  async doAcceptContact(ownerId: bigint, user: UserRow): Promise<tl.Update[]> {
    const { privacy } = this.#parts;
    const { contact } = await this.#parts.users.findRelation(ownerId, user.user_id);
    if (!contact) throw rpcError('CONTACT_ADD_MISSING');
    const seesNumber = await privacy.allows(ownerId, 'PhoneNumber', { id: user.user_id, bot: user.bot });
    if (seesNumber) throw rpcError('CONTACT_REQ_MISSING');
    await privacy.doAllowUser(ownerId, 'PhoneNumber', user.user_id);
    return this.#changeBars('accept-contact', ownerId, () => Promise.resolve([user]), undefined);
  }

  /** Deletes contacts; ids that are not contacts are skipped. */
  async doDeleteContacts(ownerId: bigint, ids: readonly bigint[], origin?: Origin): Promise<tl.Update[]> {
    const rows = await this.#parts.users.findRows(ids);
    return this.#changeBars('delete-contacts', ownerId, async (tx, _tell, boxes) => {
      const deleted = await deleteContacts(tx, ownerId, ids);
      await tellContacts(this.#deps, { tx, boxes }, ownerId, deleted);
      if (deleted.length > 0) await this.#parts.keepPhotos(tx, ownerId);
      this.#forget(tx, ownerId, deleted);
      return deleted.flatMap((id) => rows.get(id) ?? []);
    }, origin);
  }

  /** Deletes the contacts that are stored under these phone numbers. */
  async doDeleteByPhones(ownerId: bigint, phones: readonly string[], origin?: Origin): Promise<void> {
    const wanted = new Set(phones.flatMap((phone) => findNormalPhone(phone) ?? []));
    const contacts = await findContacts(this.#deps.db.q, ownerId);
    await this.doDeleteContacts(ownerId, contacts.filter((row) => wanted.has(row.phone)).map((row) => row.user_id), origin);
    await this.#change('delete-saved-contacts', ownerId, (tx) => deleteUnmatched(tx, ownerId, [...wanted]));
  }

  /** Deletes the stored phone numbers that belong to no account. */
  doResetUnmatched(ownerId: bigint): Promise<void> {
    return this.#change('reset-saved-contacts', ownerId, (tx) => deleteUnmatched(tx, ownerId, undefined));
  }

  /** Makes exactly these contacts the close friends; ids that are not contacts are skipped. */
  async doEditCloseFriends(ownerId: bigint, ids: readonly bigint[], origin?: Origin): Promise<void> {
    await this.#change('edit-close-friends', ownerId, async (tx, tell, boxes) => {
      const marks = await saveCloseFriends(tx, ownerId, ids);
      await tellContacts(this.#deps, { tx, boxes }, ownerId, marks);
      const each = marks.map((user_id): tl.updateUser => ({ _: 'updateUser', user_id }));
      const updates: tl.Update[] = each.length > TOLD_MAX ? [{ _: 'updateContactsReset' }] : each;
      this.#forget(tx, ownerId, marks);
      tell(updates);
    }, origin);
  }

  /** Sets the photo of a contact that only the owner sees. @throws RpcError 400 CONTACT_MISSING */
  async doSetPhoto(pair: { ownerId: bigint; userId: bigint }, photo: PhotoColumns, origin: Origin): Promise<void> {
    await this.#change('set-contact-photo', pair.ownerId, async (tx, tell) => {
      if (!(await saveContactPhoto(tx, pair, photo))) throw rpcError('CONTACT_MISSING');
      await this.#parts.keepPhotos(tx, pair.ownerId);
      this.#forget(tx, pair.ownerId, [pair.userId]);
      tell([{ _: 'updateUser', user_id: pair.userId }]);
    }, origin);
  }

  /**
   * Writes a note about a contact that only the owner sees.
   * @throws RpcError 400 CONTACT_ID_INVALID (not a contact)
   */
  async doUpdateNote(ownerId: bigint, userId: bigint, note: string, origin?: Origin): Promise<void> {
    const exists = await this.#change('update-contact-note', ownerId, async (tx, tell) => {
      if (!(await saveNote(tx, ownerId, userId, cleanNote(note)))) return false;
      this.#forget(tx, ownerId, [userId]);
      tell([{ _: 'updateUser', user_id: userId }]);
      return true;
    }, origin);
    if (!exists) throw rpcError('CONTACT_ID_INVALID');
  }

  /**
   * Finds the user with a phone number, if the user allows the viewer to.
   * @throws RpcError 420 FLOOD_WAIT when the day's quota of look-ups is used up
   */
  async findByPhone(viewerId: bigint, phone: string, address?: string): Promise<UserRow | undefined> {
    const { count, waitS } = await this.#budget.take({ userId: viewerId, address }, 1);
    if (count === 0) throw rpcError('FLOOD_WAIT_%d', waitS);
    const number = findNormalPhone(phone);
    if (number === undefined) return undefined;
    return (await this.#match(viewerId, [number])).get(number);
  }

  /**
   * Finds the user or channel with a username for a viewer, who gets the card of somebody elsewhere.
   * @returns the marked id
   * @throws RpcError 500 if another data centre that is needed is away
   */
  async findNamed(viewerId: bigint, username: string): Promise<bigint | undefined> {
    const { users, elsewhere } = this.#parts;
    const peerId = await users.findNamedPeer(username);
    if (elsewhere === undefined || (peerId !== undefined && elsewhere.dcOf(peerId) === undefined)) return peerId;
    return elsewhere.findNamed(viewerId, username);
  }

  #match(viewerId: bigint, phones: readonly string[], unknown?: Set<string>): Promise<Map<string, UserRow>> {
    return matchPhones({ ...this.#parts, db: this.#deps.db }, viewerId, phones, unknown);
  }

  /** Searches contacts and public users by the beginnings of the words in their names and usernames. */
  searchUsers(viewerId: bigint, query: string, limit: number): Promise<FoundUsers> {
    return searchUsers(this.#deps.db.q, viewerId, query, limit);
  }

  /** Runs a transaction with the owner's box open. Counters are always locked before users, so that no deadlock can occur. */
  #change<T>(name: string, ownerId: bigint, run: Change<T>, origin?: Origin): Promise<T> {
    return this.#deps.writeBoxes(name, [ownerId], (tx, boxes, date) => run(tx, (updates) => boxes.addLoose(ownerId, date, origin, updates), boxes));
  }

  /** Drops the cached relations after the commit and before updates are published, because users are sent along with the updates. */
  #forget(tx: Tx, ownerId: bigint, ids: Iterable<bigint>): void {
    tx.afterCommit(() => allDecided(Array.from(ids, (id) => this.#parts.relations.relationChanged(ownerId, id))));
  }

  /** Runs a transaction with the owner's box open, which then logs the action bars of the users that `run` returns. */
  async #changeBars(name: string, ownerId: bigint, run: Change<readonly UserRow[]>, origin: Origin | undefined): Promise<tl.Update[]> {
    const own = (await this.#parts.privacy.findOwners([ownerId])).get(ownerId) ?? UNTOUCHED;
    return this.#change(name, ownerId, async (tx, tell, boxes) => {
      const bars = await this.#parts.peerBars.findUpdates(tx, { id: ownerId, own }, await run(tx, tell, boxes));
      tell(bars);
      return bars;
    }, origin);
  }

  /**
   * Checks the phone number that the owner typed for a contact and returns it only if it is the contact's real number. Otherwise typing
   * numbers would reveal them, so this counts as a look-up, and it returns '' for users who cannot be found by number.
   */
  async #knownNumber(ownerId: bigint, user: UserRow, typed: string): Promise<string> {
    if (typed === '' || (user.phone === null && !user.elsewhere) || (await this.#budget.take({ userId: ownerId, address: undefined }, 1)).count === 0) return '';
    const number = findNormalPhone(typed);
    if (user.elsewhere) return number !== undefined && (await this.#match(ownerId, [number])).get(number)?.user_id === user.user_id ? number : '';
    if (number !== user.phone) return '';
    return (await this.#parts.privacy.mayFindByPhone(user.user_id, { id: ownerId, bot: false })) ? user.phone : '';
  }
}
