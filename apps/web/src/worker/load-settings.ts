import Long from 'long';
import type { Account } from './account.ts';
import { readFolders } from './models/folder.ts';
import { type ChatKind, NOTIFY_KINDS } from './models/mutes.ts';

/** Loads the folders anew. */
export async function loadFolders(account: Account): Promise<void> {
  const { filters } = await account.call({ _: 'messages.getDialogFilters' });
  account.store.setFact('folders', readFolders(filters, account.me));
}

/** Loads which kinds of chats are muted as a whole. */
export async function loadMutes(account: Account): Promise<void> {
  const load = async (kind: ChatKind): Promise<number> => (await account.call({ _: 'account.getNotifySettings', peer: NOTIFY_KINDS[kind] })).muteUntil ?? 0;
  const [users, groups, channels] = await Promise.all([load('users'), load('groups'), load('channels')]);
  account.store.setFact('mutes', { users, groups, channels });
}

/** Loads the people of the address book anew. */
export async function loadContacts(account: Account): Promise<void> {
  await account.call({ _: 'contacts.getContacts', hash: Long.ZERO });
}
