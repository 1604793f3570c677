import type { Tx } from '@aerogram/storage';

import { type Boxes, hasFlag, MESSAGE_COLUMNS, MessageFlag, type MessageRow, packMessageExtra, unpackMessageExtra } from '../events/index.ts';

/** Flags that belong to a single copy of a message. */
const OWN_FLAGS = MessageFlag.out | MessageFlag.mediaUnread | MessageFlag.mentioned | MessageFlag.pinned | MessageFlag.unreadReactions;

/** Which messages a new member of a group is given. */
export interface HistoryCopy {
  /** The member whose copies are read. */
  fromOwnerId: bigint;
  /** The new member, whose box gets the messages. */
  ownerId: bigint;
  peerId: bigint;
  /** Maximum number of messages; the last ones are given. */
  limit: number;
}

/**
 * Copies the last messages of a group into the box of a new member. They count as copies of the same messages, so that edits, deletions and
 * reactions change them, too. Service messages and messages that the new member already has are left out.
 * @returns how many were copied
 */
export async function copyHistory(tx: Tx, boxes: Boxes, { fromOwnerId, ownerId, peerId, limit }: HistoryCopy): Promise<number> {
  if (limit <= 0) return 0;
  const rows = await tx.q
    .selectFrom('messages')
    .select(MESSAGE_COLUMNS)
    .where('owner_id', '=', fromOwnerId)
    .where('peer_id', '=', peerId)
    .orderBy('msg_id', 'desc')
    .limit(limit)
    .execute();
  const given = rows.filter((row) => !hasFlag(row, MessageFlag.service)).reverse();
  if (given.length === 0) return 0;
  const known = await tx.q
    .selectFrom('messages')
    .select(['global_id', 'msg_id'])
    .where('owner_id', '=', ownerId)
    .where('global_id', 'in', given.map((row) => row.global_id))
    .execute();
  const ownIds = new Map(known.map((row) => [row.global_id, row.msg_id]));
  /** Message ids in the new member's box, by the ids in the other member's box. */
  const idOf = new Map<number, number>();
  for (const row of given) {
    const reply = row.reply_to_msg_id === null ? undefined : idOf.get(row.reply_to_msg_id);
    const msgId = ownIds.get(row.global_id) ?? boxes.addMessage(ownerId, copyOf(row, reply), undefined).msg_id;
    idOf.set(row.msg_id, msgId);
  }
  return given.filter((row) => !ownIds.has(row.global_id)).length;
}

/** A copy of a group's message for somebody who did not write it. @param reply the id, in the new owner's box, of the message that it replies to */
function copyOf(row: MessageRow, reply: number | undefined): Omit<MessageRow, 'owner_id' | 'msg_id' | 'pts'> {
  const losesReply = row.reply_to_msg_id !== null && reply === undefined;
  const { replyTo: _lost, ...rest } = unpackMessageExtra(losesReply ? row.extra : null);
  return {
    global_id: row.global_id,
    peer_id: row.peer_id,
    from_id: row.from_id,
    saved_peer_id: null,
    date: row.date,
    edit_date: row.edit_date,
    flags: row.flags & ~OWN_FLAGS,
    reply_to_msg_id: reply ?? null,
    text: row.text,
    extra: losesReply ? packMessageExtra(rest) : row.extra,
    ttl_period: row.ttl_period,
  };
}
