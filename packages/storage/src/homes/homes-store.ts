import { type Selectable, sql } from 'kysely';
import type { Database } from '../database/open-database.ts';
import type { Tx } from '../database/transaction.ts';
import type { HomesTable } from '../tables/homes.ts';

/** A data centre of the community, as this one knows it. */
export type HomeRow = Selectable<HomesTable>;

/** The columns of the table `homes` with the addresses and ports at which other data centres and clients connect to a home. */
const ADDRESS_COLUMNS = ['link_host', 'link_port', 'link_nodes', 'client_host', 'client_port', 'web_address'] as const;

/** Where the links of others and the clients reach a home. Host '' with port 0, and an empty web address: not known yet. */
export type HomeAddresses = Pick<HomeRow, (typeof ADDRESS_COLUMNS)[number]>;

/** The addresses in a row, or in what holds more than them. Pure. */
export function projectAddresses(of: HomeAddresses): HomeAddresses {
  return Object.fromEntries(ADDRESS_COLUMNS.map((column) => [column, of[column]])) as unknown as HomeAddresses;
}

/** The versions of the program and the schema of a home; '' and 0: not known yet. */
export type HomeVersions = Pick<HomeRow, 'program' | 'schema_version'>;

/** The addresses of a home of which none is known. */
export const NO_ADDRESSES: Readonly<HomeAddresses> = { link_host: '', link_port: 0, link_nodes: [], client_host: '', client_port: 0, web_address: '' };

/** Where a home may be reached by the links of others, each place once; none if it is not known. Pure. */
export function listLinkAddresses({ link_host, link_port, link_nodes }: Pick<HomeRow, 'link_host' | 'link_port' | 'link_nodes'>): { host: string; port: number }[] {
  const places = [{ host: link_host, port: link_port }, ...link_nodes].filter(({ host, port }) => host !== '' && port !== 0);
  return [...new Map(places.map(({ host, port }) => [`${host} ${port}`, { host, port }])).values()];
}

/** Lists the nodes of this data centre of which one may listen at an address that was noted: those that were not removed. */
export async function listNodeNames(tx: Tx): Promise<string[]> {
  return (await tx.q.selectFrom('nodes').select('name').execute()).map(({ name }) => name);
}

/** Lists the data centres of the community, also those that were removed, by number. None: the server is alone. */
export function listHomes({ q }: Pick<Database, 'q'>): Promise<HomeRow[]> {
  return q.selectFrom('homes').selectAll().orderBy('dc').execute();
}

/** Locks the rows of all homes until the transaction ends, and reads them. */
export function lockHomes(tx: Tx): Promise<HomeRow[]> {
  return tx.q.selectFrom('homes').selectAll().orderBy('dc').forUpdate().execute();
}

/** Adds a home. @throws the error of PostgreSQL if there is one with this number */
export async function insertHome(tx: Tx, { link_nodes, ...home }: Pick<HomeRow, 'dc' | 'is_own' | 'of_names' | 'state'> & HomeAddresses & Partial<Pick<HomeRow, 'certificates_from'>>): Promise<void> {
  await tx.q.insertInto('homes').values({ ...home, link_nodes: JSON.stringify(link_nodes) }).execute();
}

/** Sets whether the link to a home is wanted. */
export async function saveHomeState(tx: Tx, dc: number, state: HomeRow['state']): Promise<void> {
  await tx.q.updateTable('homes').set({ state }).where('dc', '=', dc).execute();
}

/** Sets where a home is reached. */
export async function saveHomeAddresses(tx: Tx, dc: number, addresses: HomeAddresses): Promise<void> {
  await tx.q.updateTable('homes').set({ ...projectAddresses(addresses), link_nodes: JSON.stringify(addresses.link_nodes) }).where('dc', '=', dc).execute();
}

/** Refuses the certificates of a home that begin before a date, and forgets what the cards of its people claim. What was refused already stays refused. @param from seconds since 1970 */
export async function raiseCertificatesFrom(tx: Tx, dc: number, from: number): Promise<void> {
  const { numUpdatedRows } = await tx.q.updateTable('homes').set({ certificates_from: from }).where('dc', '=', dc).where('certificates_from', '<', from).executeTakeFirst();
  // Whoever had the certificate may have written them: each counts less than any that comes, and says nothing about names.
  if (numUpdatedRows > 0n) await sql`UPDATE cards SET version = 0, epoch = 0, phone = NULL, username = NULL, claimed_phone = NULL, claimed_username = NULL WHERE (person_id & 7) = ${dc}::bigint`.execute(tx.q);
}

/** Sets which versions a home runs. */
export async function saveHomeVersions(tx: Tx, dc: number, { program, schema_version }: HomeVersions): Promise<void> {
  await tx.q.updateTable('homes').set({ program, schema_version }).where('dc', '=', dc).execute();
}
