import { defineStatement } from '@aerogram/storage';
import type { Database } from '@aerogram/storage';

import { messageColumns, type MessageRow } from './message-row.ts';

/** Identifies a message in a box. */
export interface MessagePlace {
  owner: bigint;
  msgId: number;
}

const readMessagesAt = defineStatement<MessageRow>(
  'read_messages_at',
  `SELECT ${messageColumns('messages')} FROM messages
     JOIN unnest($1::bigint[], $2::integer[]) AS w (w_owner, w_id) ON owner_id = w_owner AND msg_id = w_id`,
);

/** Lists those of these messages, of any boxes, that exist. */
export async function listMessagesAt(reads: Pick<Database, 'run'>, places: readonly MessagePlace[]): Promise<MessageRow[]> {
  if (places.length === 0) return [];
  return (await reads.run(readMessagesAt, [places.map(({ owner }) => owner), places.map(({ msgId }) => msgId)])).rows;
}
