import type { Database, Tx } from '@aerogram/storage';

/** The peer id of the setting for all groups and channels without one of their own. */
export const ALL_CHATS = 0n;

/** Maximum number of days for which messages can be kept. */
export const RETENTION_DAYS_MAX = 36_500;

/** For how many days messages are kept; 0: for ever. */
export interface Retention {
  /** Marked id of the group or channel, {@link ALL_CHATS}, or `PRIVATE_CHATS`. */
  peer_id: bigint;
  days: number;
}

/** Lists what the operator has set: that for private chats first, then that for all groups and channels, then those of single ones. */
export function listRetention({ q }: Pick<Database, 'q'>): Promise<Retention[]> {
  return q.selectFrom('chat_retention').selectAll().orderBy('peer_id', 'desc').execute();
}

/** Sets for how long messages are kept. @param days undefined: as for all groups and channels */
export async function saveRetention(tx: Tx, peerId: bigint, days: number | undefined): Promise<void> {
  if (days === undefined) await tx.q.deleteFrom('chat_retention').where('peer_id', '=', peerId).execute();
  else await tx.q.insertInto('chat_retention').values({ peer_id: peerId, days }).onConflict((oc) => oc.column('peer_id').doUpdateSet({ days })).execute();
}
