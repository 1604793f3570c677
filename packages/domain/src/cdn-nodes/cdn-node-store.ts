import type { Endpoint, ServerPublicKey } from '@aerogram/runtime';
import type { Database, Tables, Tx } from '@aerogram/storage';

/** The lowest DC id of a CDN node. */
const FIRST_DC = 203;
/** The highest DC id of a CDN node. TDLib knows none above 1000. */
const LAST_DC = 1000;

/** The row of a node that has not been removed, or whose removal the running server does not know yet. */
export type CdnNodeRow = Tables['cdn_nodes'];

/** A node as the operator adds it. */
export interface NewCdnNode {
  id: string;
  client: Endpoint;
  push: Endpoint;
  publicKey: ServerPublicKey;
  region: string;
}

/** A change by an operator. The running server knows it when `known_revision` of the row has reached it. */
export interface CdnNodeChange {
  dc_id: number;
  revision: number;
}

/** Lists the nodes by DC id, without those that were removed. */
export function listCdnNodes({ q }: Pick<Database, 'q'>): Promise<CdnNodeRow[]> {
  return q.selectFrom('cdn_nodes').selectAll().where('removed_date', 'is', null).orderBy('dc_id').execute();
}

/** Lists the nodes by DC id, and the removed ones of which the running server does not know it yet. */
export function listCdnNodeChanges({ q }: Pick<Database, 'q'>): Promise<CdnNodeRow[]> {
  return q
    .selectFrom('cdn_nodes')
    .selectAll()
    .where((row) => row.or([row('removed_date', 'is', null), row('known_revision', '<', row.ref('revision'))]))
    .orderBy('dc_id')
    .execute();
}

/** Finds a node, whether it was removed or not. */
export function findCdnNode({ q }: Pick<Database, 'q'>, dcId: number): Promise<CdnNodeRow | undefined> {
  return q.selectFrom('cdn_nodes').selectAll().where('dc_id', '=', dcId).executeTakeFirst();
}

/**
 * Stores a node. One with the same key keeps its DC id, also if it was removed meanwhile; another one gets an id that none has had.
 * @param secret.isNew whether it is another one than before; asked with the row of the node
 * @returns undefined when there is no DC id left
 */
export async function saveCdnNode(tx: Tx, node: NewCdnNode, secret: { wrapped: Uint8Array; isNew(before: CdnNodeRow): Promise<boolean> }, nowDate: number): Promise<CdnNodeChange | undefined> {
  // Two operators who add nodes at once must not get the same DC id.
  await tx.q.selectFrom('meta').select('key').where('key', '=', 'schema_version').forUpdate().execute();
  const before = await tx.q.selectFrom('cdn_nodes').selectAll().where('node_id', '=', node.id).executeTakeFirst();
  const facts = {
    public_key: node.publicKey.pem,
    client_host: node.client.host,
    client_port: node.client.port,
    push_host: node.push.host,
    push_port: node.push.port,
    region: node.region,
    wrapped_secret: secret.wrapped,
    added_date: nowDate,
    removed_date: null,
    heard_date: null,
    failing_date: null,
    fault: null,
  };
  if (before !== undefined) {
    const version = before.secret_version + ((await secret.isNew(before)) ? 1 : 0);
    const revision = before.revision + 1;
    await tx.q.updateTable('cdn_nodes').set({ ...facts, secret_version: version, revision }).where('dc_id', '=', before.dc_id).execute();
    return { dc_id: before.dc_id, revision };
  }
  const { last } = await tx.q.selectFrom('cdn_nodes').select(({ fn }) => fn.max('dc_id').as('last')).executeTakeFirstOrThrow();
  const dcId = last === null ? FIRST_DC : last + 1;
  if (dcId > LAST_DC) return undefined;
  const fingerprint = BigInt(node.publicKey.fingerprint);
  await tx.q.insertInto('cdn_nodes').values({ ...facts, dc_id: dcId, node_id: node.id, fingerprint, secret_version: 1, revision: 1, known_revision: 0 }).execute();
  return { dc_id: dcId, revision: 1 };
}

/** Removes a node. Its secret is deleted, its DC id stays its own. @returns undefined when there is no such node */
export async function dropCdnNode(tx: Tx, nodeId: string, nowDate: number): Promise<CdnNodeChange | undefined> {
  return tx.q
    .updateTable('cdn_nodes')
    .set((row) => ({ removed_date: nowDate, wrapped_secret: null, heard_date: null, failing_date: null, fault: null, revision: row('revision', '+', 1) }))
    .where('node_id', '=', nodeId)
    .where('removed_date', 'is', null)
    .returning(['dc_id', 'revision'])
    .executeTakeFirst();
}

/** Notes that the running server knows this revision of a node. */
export async function saveKnownRevision(tx: Tx, { dc_id: dcId, revision }: CdnNodeChange): Promise<void> {
  await tx.q.updateTable('cdn_nodes').set({ known_revision: revision }).where('dc_id', '=', dcId).where('known_revision', '<', revision).execute();
}

/** What came of speaking to a node. */
export interface CdnNodeState extends CdnNodeChange {
  /** In words for the operator; undefined: it answered. */
  fault: string | undefined;
}

/** Notes whether a node answered, unless an operator has changed it meanwhile. @param nowDate Unix seconds */
export async function saveCdnNodeState(tx: Tx, { dc_id: dcId, revision, fault }: CdnNodeState, nowDate: number): Promise<void> {
  await tx.q
    .updateTable('cdn_nodes')
    .set(({ fn, val }) => (fault === undefined ? { heard_date: nowDate, failing_date: null, fault: null } : { failing_date: fn.coalesce('failing_date', val(nowDate)), fault }))
    .where('dc_id', '=', dcId)
    .where('revision', '=', revision)
    .execute();
}

/** Replaces the wrapped secret of a node, unless somebody else has replaced it. */
export async function saveCdnNodeSecret(tx: Tx, dcId: number, { before, after }: { before: Uint8Array; after: Uint8Array }): Promise<void> {
  await tx.q.updateTable('cdn_nodes').set({ wrapped_secret: after }).where('dc_id', '=', dcId).where('wrapped_secret', '=', before).execute();
}
