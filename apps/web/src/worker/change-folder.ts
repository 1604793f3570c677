import type { tl } from '@mtcute/core';
import type { Account } from './account.ts';
import { readFolders } from './models/folder.ts';
import { Refused } from './refusal.ts';

/** Keeps the folders as the server has them now. */
export const storeFolders = (account: Account, filters: readonly tl.TypeDialogFilter[]): void => account.store.setFact('folders', readFolders(filters, account.me));

/**
 * Changes a folder as it is on the server now: the store keeps only what decides which chats a folder has.
 * @throws Refused FILTER_ID_INVALID if there is no such folder any more
 */
export async function changeFolder(account: Account, id: number, change: (filter: tl.RawDialogFilter | tl.RawDialogFilterChatlist) => tl.TypeDialogFilter | Promise<tl.TypeDialogFilter>): Promise<void> {
  const { filters } = await account.call({ _: 'messages.getDialogFilters' });
  const known = filters.find((filter) => filter._ !== 'dialogFilterDefault' && filter.id === id);
  if (!known || known._ === 'dialogFilterDefault') throw new Refused({ code: 'FILTER_ID_INVALID' });
  const filter = await change(known);
  await account.call({ _: 'messages.updateDialogFilter', id, filter });
  storeFolders(account, filters.map((each) => (each === known ? filter : each)));
}
