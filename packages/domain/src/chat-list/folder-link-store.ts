import type { Database, Tables, Tx } from '@aerogram/storage';
import type { Selectable } from 'kysely';

import type { Queries } from '../events/index.ts';

/** A link that shares some chats of a folder, as stored. */
export type FolderLink = Selectable<Tables['folder_links']>;

/** A folder that was added by a link, as stored. */
export type JoinedFolder = Selectable<Tables['joined_folders']>;

/** A folder of one owner. */
export interface FolderPlace {
  ownerId: bigint;
  filterId: number;
}

/** Finds a link by the last part of its address. The directory of links is asked first, because it says whose link it is (rule S18, unique names). */
export async function findFolderLink(q: Database['q'], slug: string): Promise<FolderLink | undefined> {
  const name = await q.selectFrom('folder_link_names').select('owner_id').where('slug', '=', slug).executeTakeFirst();
  if (name === undefined) return undefined;
  return q.selectFrom('folder_links').selectAll().where('owner_id', '=', name.owner_id).where('slug', '=', slug).executeTakeFirst();
}

/** Lists the links of a folder, oldest first. */
export function listFolderLinks(q: Queries, { ownerId, filterId }: FolderPlace): Promise<FolderLink[]> {
  return q.selectFrom('folder_links').selectAll().where('owner_id', '=', ownerId).where('filter_id', '=', filterId).orderBy('date').orderBy('slug').execute();
}

/** Adds a link. */
export async function insertFolderLink(tx: Tx, link: FolderLink): Promise<void> {
  await tx.q.insertInto('folder_link_names').values({ slug: link.slug, owner_id: link.owner_id }).execute();
  await tx.q.insertInto('folder_links').values(link).execute();
}

/** Changes the name or the chats of a link. */
export async function saveFolderLink(tx: Tx, { owner_id, slug, title, peer_ids }: FolderLink): Promise<void> {
  await tx.q.updateTable('folder_links').set({ title, peer_ids }).where('owner_id', '=', owner_id).where('slug', '=', slug).execute();
}

/** Deletes a link of a folder. @returns whether it existed */
export async function removeFolderLink(tx: Tx, { ownerId, filterId }: FolderPlace, slug: string): Promise<boolean> {
  const removed = await tx.q
    .deleteFrom('folder_links')
    .where('owner_id', '=', ownerId)
    .where('slug', '=', slug)
    .where('filter_id', '=', filterId)
    .returning('slug')
    .executeTakeFirst();
  if (removed === undefined) return false;
  await tx.q.deleteFrom('folder_link_names').where('slug', '=', slug).execute();
  return true;
}

/** Forgets how a folder that is deleted was shared, and by which link it was added. */
export async function forgetSharedFolder(tx: Tx, { ownerId, filterId }: FolderPlace): Promise<void> {
  const links = await tx.q.deleteFrom('folder_links').where('owner_id', '=', ownerId).where('filter_id', '=', filterId).returning('slug').execute();
  if (links.length > 0) await tx.q.deleteFrom('folder_link_names').where('slug', 'in', links.map((link) => link.slug)).execute();
  await tx.q.deleteFrom('joined_folders').where('owner_id', '=', ownerId).where('filter_id', '=', filterId).execute();
}

/** Whether a folder has links, or was added by one. */
export async function isSharedFolder(q: Queries, place: FolderPlace): Promise<boolean> {
  const [links, joined] = await Promise.all([listFolderLinks(q, place), findJoinedFolder(q, place)]);
  return links.length > 0 || joined !== undefined;
}

/** Finds by which link a folder was added; undefined if by none. */
export function findJoinedFolder(q: Queries, { ownerId, filterId }: FolderPlace): Promise<JoinedFolder | undefined> {
  return q.selectFrom('joined_folders').selectAll().where('owner_id', '=', ownerId).where('filter_id', '=', filterId).executeTakeFirst();
}

/** Finds the folder that an owner added by a link; undefined if there is none. */
export function findFolderByLink(q: Queries, ownerId: bigint, slug: string): Promise<JoinedFolder | undefined> {
  return q.selectFrom('joined_folders').selectAll().where('owner_id', '=', ownerId).where('slug', '=', slug).executeTakeFirst();
}

/** Inserts or updates what is known of a folder that was added by a link. */
export async function saveJoinedFolder(tx: Tx, row: JoinedFolder): Promise<void> {
  const { joined_ids, seen_ids } = row;
  await tx.q
    .insertInto('joined_folders')
    .values(row)
    .onConflict((conflict) => conflict.columns(['owner_id', 'filter_id']).doUpdateSet({ joined_ids, seen_ids }))
    .execute();
}
