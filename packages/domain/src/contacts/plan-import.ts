import { cleanLine, type UserRow } from '../peers/index.ts';
import type { ContactEntry, ContactIds } from './contact-store.ts';

const CONTACTS_MAX = 5000;
const NAME_MAX = 64;
const NOTE_MAX = 128;

/** One entry of an address book. */
export interface PhoneEntry {
  clientId: bigint;
  phone: string;
  firstName: string;
  lastName: string;
  note?: string | undefined;
}

export interface ImportResult {
  imported: { userId: bigint; clientId: bigint }[];
  /** Client ids of entries that were not processed, because the contact list is full, the day's quota of look-ups is used up, or another data centre that knows the number is away. */
  retry: bigint[];
}

/** An import of phone numbers that were looked up. */
interface Import {
  ownerId: bigint;
  entries: readonly { entry: PhoneEntry; phone: string }[];
  /** The users who may be found by the numbers. */
  found: ReadonlyMap<string, UserRow>;
  /** The numbers of which nobody could say now who has them. */
  unknown: ReadonlySet<string>;
  /** The contact list before the import. */
  known: ContactIds;
}

/** What an import writes and answers. */
interface ImportPlan extends ImportResult {
  save: ContactEntry[];
  unmatched: { phone: string; first_name: string; last_name: string }[];
}

/** Cleans and shortens a name that the owner gave a contact. Pure. */
export const cleanName = (name: string): string => cleanLine(name, NAME_MAX);

/** Cleans and shortens a note about a contact. Pure. */
export const cleanNote = (note: string | undefined): string => cleanLine(note ?? '', NOTE_MAX);

/** Decides which entries become contacts, which are kept without an account, and which do not fit into the list. Pure. */
export function planImport({ ownerId, entries, found, unknown, known }: Import): ImportPlan {
  const have = new Set(known.ids);
  const save = new Map<bigint, ContactEntry>();
  const plan: ImportPlan = { imported: [], retry: [], save: [], unmatched: [] };
  for (const { entry, phone } of entries) {
    const user = found.get(phone);
    const names = { first_name: cleanName(entry.firstName), last_name: cleanName(entry.lastName) };
    const isNew = user === undefined || !have.has(user.user_id);
    if (user?.user_id === ownerId) continue;
    if (unknown.has(phone) || (isNew && have.size + known.unmatched + plan.unmatched.length >= CONTACTS_MAX)) {
      plan.retry.push(entry.clientId);
      continue;
    }
    if (!user) {
      plan.unmatched.push({ phone, ...names });
      continue;
    }
    have.add(user.user_id);
    const named = names.first_name !== '' || names.last_name !== '' ? names : user;
    const { first_name, last_name } = named;
    save.set(user.user_id, { user_id: user.user_id, phone, first_name, last_name, note: cleanNote(entry.note) });
    plan.imported.push({ userId: user.user_id, clientId: entry.clientId });
  }
  plan.save.push(...save.values());
  return plan;
}
