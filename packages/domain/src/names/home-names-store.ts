import { type Database, sql, type Tx } from '@aerogram/storage';

import { STALE_S } from './directory-store.ts';
import type { Name, NameType } from './name.ts';

// The rows of the first home for peers of other homes. They are in the same tables as those of its own people, so that its own statements see them.

/**
 * The date of a reservation for a peer of another home. It never lapses: whether the peer got the name, only its home knows.
 */
const NEVER_LAPSES = 2 ** 31 - 1;

const TABLES = { phone: ['phones', 'phone', 'user_id'], username: ['usernames', 'name', 'peer_id'] } as const;

const columnsOf = (type: NameType) => {
  const [table, name, peer] = TABLES[type];
  return { table: sql.table(table), name: sql.ref(name), peer: sql.ref(peer) };
};

/** Who has or has reserved a name. */
export interface NameRow {
  peer_id: bigint;
  confirmed: boolean;
  reserved_date: number;
}

/** Whether a reservation of somebody of this home has lapsed. Pure. */
export const hasLapsed = ({ confirmed, reserved_date }: NameRow, nowDate: number): boolean => !confirmed && reserved_date < nowDate - STALE_S;

/** Finds who has or has reserved a name. */
export async function findNameRow({ q }: Pick<Database, 'q'>, { type, name }: Name): Promise<NameRow | undefined> {
  const { table, name: column, peer } = columnsOf(type);
  const { rows } = await sql<NameRow>`SELECT ${peer} AS peer_id, confirmed, reserved_date FROM ${table} WHERE ${column} = ${name}`.execute(q);
  return rows[0];
}

/** Finds who has or has reserved a name, and locks the row. */
export async function lockNameRow({ q }: Tx, { type, name }: Name): Promise<NameRow | undefined> {
  const { table, name: column, peer } = columnsOf(type);
  const { rows } = await sql<NameRow>`SELECT ${peer} AS peer_id, confirmed, reserved_date FROM ${table} WHERE ${column} = ${name} FOR UPDATE`.execute(q);
  return rows[0];
}

/**
 * Finds who has names of one type.
 * @param isSought somebody looks for these people: at the first home, who has reserved one elsewhere is found, too. That home has written the owner's row a moment ago, or will
 * say that there is nobody.
 */
export async function findNamed({ q }: Pick<Database, 'q'>, type: NameType, names: readonly string[], isSought = false): Promise<Map<string, bigint>> {
  const { table, name: column, peer } = columnsOf(type);
  const { rows } = await sql<{ name: string; peer_id: bigint }>`
    SELECT ${column} AS name, ${peer} AS peer_id FROM ${table} WHERE ${column} = ANY (${names}::text[]) AND (confirmed OR (${isSought} AND reserved_date = ${NEVER_LAPSES}))`.execute(q);
  return new Map(rows.map((row) => [row.name, row.peer_id]));
}

/** Writes a name for a peer of another home, if nobody has it. @returns false if somebody has it */
export async function insertNameRow({ q }: Tx, { type, name }: Name, peerId: bigint, isConfirmed: boolean): Promise<boolean> {
  const { table, name: column, peer } = columnsOf(type);
  const { rows } = await sql<{ is_new: boolean }>`
    INSERT INTO ${table} (${column}, ${peer}, confirmed, reserved_date) VALUES (${name}, ${peerId}, ${isConfirmed}, ${NEVER_LAPSES})
    ON CONFLICT (${column}) DO NOTHING RETURNING true AS is_new`.execute(q);
  return rows.length > 0;
}

/** Writes who has a name; the row is locked. */
export async function updateNameRow({ q }: Tx, { type, name }: Name, peerId: bigint, isConfirmed: boolean): Promise<void> {
  const { table, name: column, peer } = columnsOf(type);
  await sql`UPDATE ${table} SET ${peer} = ${peerId}, confirmed = ${isConfirmed}, reserved_date = ${NEVER_LAPSES} WHERE ${column} = ${name}`.execute(q);
}

/** Frees a name, if this peer has it, or has reserved it. */
export async function deleteNameRow({ q }: Tx, { type, name }: Name, peerId: bigint, scope: 'reservation' | 'any'): Promise<void> {
  const { table, name: column, peer } = columnsOf(type);
  await sql`DELETE FROM ${table} WHERE ${column} = ${name} AND ${peer} = ${peerId} AND (${scope === 'any'} OR NOT confirmed)`.execute(q);
}

/** Frees all names of a peer. */
export async function deleteNamesOf(tx: Tx, peerId: bigint): Promise<void> {
  await tx.q.deleteFrom('phones').where('user_id', '=', peerId).execute();
  await tx.q.deleteFrom('usernames').where('peer_id', '=', peerId).execute();
}

/** Lists names that peers have, in alphabetical order. @param after the last one of the slice before; '' for the first slice */
export async function listNames({ q }: Pick<Database, 'q'>, type: NameType, after: string, limit: number): Promise<{ name: string; peer_id: bigint }[]> {
  const { table, name: column, peer } = columnsOf(type);
  const { rows } = await sql<{ name: string; peer_id: bigint }>`
    SELECT ${column} AS name, ${peer} AS peer_id FROM ${table} WHERE ${column} > ${after} AND confirmed ORDER BY ${column} LIMIT ${limit}`.execute(q);
  return rows;
}

/** Notes, at the home that gives names, that a name that a person elsewhere has on the card is the person's. @returns whether there is such a card */
export async function confirmClaimedName(tx: Tx, { type, name }: Name, personId: bigint): Promise<boolean> {
  const { numAffectedRows } =
    type === 'phone'
      ? await sql`UPDATE cards SET phone = claimed_phone WHERE person_id = ${personId} AND claimed_phone = ${name} AND phone IS NULL`.execute(tx.q)
      : await sql`UPDATE cards SET username = claimed_username WHERE person_id = ${personId} AND lower(claimed_username) = ${name} AND username IS NULL`.execute(tx.q);
  return (numAffectedRows ?? 0n) > 0n;
}
