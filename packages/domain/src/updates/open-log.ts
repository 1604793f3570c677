import { type Database, defineStatement } from '@aerogram/storage';
import { storedDecode } from '@aerogram/tl-compat';
import type { tl } from '@aerogram/tl';

import { type BoxEvent, LogKind, messageBytes, unpackMsgId } from '../events/index.ts';
import { findMessages } from '../messages/index.ts';
import type { LogRow } from './event-pages.ts';

const readBytes = defineStatement<{ msg_id: number; bytes: number }>(
  'read_message_bytes',
  `SELECT msg_id, ${messageBytes('m')} AS bytes FROM messages m WHERE owner_id = $1 AND msg_id = ANY ($2::integer[])`,
);

/**
 * The sizes of the messages that edits in the log refer to, by message id. The caller counts each message once, because several edits of it
 * become one event.
 */
export async function findEditedBytes(db: Database, owner: bigint, rows: readonly LogRow[]): Promise<Map<number, number>> {
  const ids = rows.flatMap((row) => idOfEdit(row) ?? []);
  if (ids.length === 0) return new Map();
  const found = await db.run(readBytes, [owner, [...new Set(ids)]]);
  return new Map(found.rows.map(({ msg_id: msgId, bytes }) => [msgId, bytes]));
}

function idOfEdit({ kind, payload }: LogRow): number | undefined {
  return kind === LogKind.edit && payload !== null ? unpackMsgId(payload) : undefined;
}

/** The bytes that a log entry adds to a slice. Takes a counted message out of `edited`. */
export function bytesOfLogged(row: LogRow, edited: Map<number, number>): number {
  const msgId = idOfEdit(row);
  if (msgId === undefined) return row.payload?.length ?? 0;
  const bytes = edited.get(msgId) ?? 0;
  edited.delete(msgId);
  return bytes;
}

/**
 * Decodes log entries into events. Of several edits of one message only the last becomes an event, because each would show the message as
 * it is now.
 */
export async function openLog(db: Database, owner: bigint, rows: readonly LogRow[]): Promise<BoxEvent[]> {
  const lastEdits = new Map(rows.flatMap((row) => {
    const msgId = idOfEdit(row);
    return msgId === undefined ? [] : [[msgId, row] as const];
  }));
  const messages = await findMessages(db.q, owner, [...lastEdits.keys()]);
  const events: BoxEvent[] = [];
  for (const row of rows) {
    const { pts, pts_count: ptsCount, payload, date, loose_seq: looseSeq } = row;
    const msgId = idOfEdit(row);
    if (msgId !== undefined) {
      const message = lastEdits.get(msgId) === row ? messages.get(msgId) : undefined;
      if (message) events.push({ kind: 'edit_message', pts, ptsCount, message });
    } else if (payload !== null) {
      // The cast is safe: insertUpdateLog stores only updates under this kind.
      events.push({ kind: 'update', pts, ptsCount, date, update: storedDecode(payload) as tl.Update, looseSeq });
    }
  }
  return events;
}
