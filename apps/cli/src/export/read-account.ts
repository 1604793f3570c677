import type { AccountReader } from '@aerogram/node';
import type { tl } from '@aerogram/tl';

import type { KnownPeers } from './peers.ts';

const SELF = { _: 'inputUserSelf' } as const;
/** Number of entries in one answer. */
const PAGE = 100;

/** What belongs to an account but to no chat. */
export interface Account {
  profile: tl.users.userFull;
  contacts: tl.User[];
  devices: tl.authorization[];
  photos: tl.Photo[];
  folders: tl.DialogFilter[];
  blocked: tl.peerBlocked[];
  drafts: tl.updateDraftMessage[];
}

/** Reads what belongs to the account but to no chat. */
export async function readAccount(reader: AccountReader, known: KnownPeers): Promise<Account> {
  const profile = await reader.invoke({ _: 'users.getFullUser', id: SELF });
  const contacts = await reader.invoke({ _: 'contacts.getContacts', hash: 0n });
  const { authorizations: devices } = await reader.invoke({ _: 'account.getAuthorizations' });
  const photos = await readPages(async (offset) => (await reader.invoke({ _: 'photos.getUserPhotos', user_id: SELF, offset, max_id: 0n, limit: PAGE })).photos);
  const { filters: folders } = await reader.invoke({ _: 'messages.getDialogFilters' });
  const blocked = await readPages(async (offset) => (await reader.invoke({ _: 'contacts.getBlocked', offset, limit: PAGE })).blocked);
  known.add(profile);
  const people = contacts._ === 'contacts.contacts' ? contacts.users : [];
  known.add({ users: people, chats: [] });
  return { profile, contacts: people, devices, photos, folders, blocked, drafts: await readDrafts(reader, known) };
}

/** Reads a list to its end. @param read reads the entries from an offset on */
async function readPages<T>(read: (offset: number) => Promise<T[]>): Promise<T[]> {
  const all: T[] = [];
  for (;;) {
    const page = await read(all.length);
    if (page.length === 0) return all;
    all.push(...page);
  }
}

async function readDrafts(reader: AccountReader, known: KnownPeers): Promise<tl.updateDraftMessage[]> {
  const answer = await reader.invoke({ _: 'messages.getAllDrafts' });
  if (answer._ !== 'updates') return [];
  known.add(answer);
  return answer.updates.filter((update) => update._ === 'updateDraftMessage');
}
