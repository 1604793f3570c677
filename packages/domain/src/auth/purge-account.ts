import { defineJobKind, jsonCodec, sql } from '@aerogram/storage';

/** Rows deleted in one transaction, so that none is long (STORAGE-RULES 13). */
const SLICE = 1000;

/** Tables of the box, large ones, with what tells their rows of one owner apart. */
const BOX_TABLES = [
  { table: 'messages', key: 'msg_id' },
  { table: 'message_search', key: 'msg_id' },
  { table: 'dialogs', key: 'peer_id' },
] as const;

/** Removes the box of a deleted account, in slices; others keep their own copies of what was written. */
export const purgeAccountJob = defineJobKind<{ userId: bigint }>({
  kind: 'purge-account',
  codec: jsonCodec(),
  async run({ userId }, { db, signal }) {
    for (const { table, key } of BOX_TABLES) {
      for (let removed = SLICE; removed === SLICE; ) {
        signal.throwIfAborted();
        removed = await db.transact('purge-account', async (tx) => {
          const { numAffectedRows } = await sql`
            DELETE FROM ${sql.table(table)} WHERE owner_id = ${userId} AND ${sql.ref(key)} IN (
              SELECT ${sql.ref(key)} FROM ${sql.table(table)} WHERE owner_id = ${userId} ORDER BY ${sql.ref(key)} LIMIT ${SLICE})`.execute(tx.q);
          return Number(numAffectedRows ?? 0n);
        });
      }
    }
    await db.transact('purge-account', async (tx) => {
      await tx.q.deleteFrom('dialog_filters').where('owner_id', '=', userId).execute();
      await tx.q.deleteFrom('chat_settings').where('owner_id', '=', userId).execute();
      await tx.q.deleteFrom('unread_reactions').where('owner_id', '=', userId).execute();
      await tx.q.deleteFrom('used_reactions').where('owner_id', '=', userId).execute();
      await tx.q.deleteFrom('scheduled_messages').where('owner_id', '=', userId).execute();
      await tx.q.deleteFrom('expiring_messages').where('owner_id', '=', userId).execute();
      await tx.q.deleteFrom('message_tags').where('owner_id', '=', userId).execute();
      await tx.q.deleteFrom('tag_titles').where('owner_id', '=', userId).execute();
      await tx.q.deleteFrom('saved_pins').where('owner_id', '=', userId).execute();
      await tx.q.deleteFrom('read_dates').where('owner_id', '=', userId).execute();
      await tx.q.deleteFrom('pinned_messages').where('owner_id', '=', userId).execute();
      await tx.q.deleteFrom('search_state').where('owner_id', '=', userId).execute();
    });
  },
});
