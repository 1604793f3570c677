import { rpcError } from '@aerogram/errors';
import { defineStatement } from '@aerogram/storage';

import type { ResolvedChat } from '../access/index.ts';
import { findChatMembers, findChatRows, listMemberIds } from '../chats/index.ts';
import { hasFlag, MessageFlag } from '../events/index.ts';
import { findMessage } from './find-messages.ts';
import { READ_DATES_KEPT_S } from './find-read-date.ts';
import type { MessagingDeps } from './messaging-deps.ts';

/** Largest group of which the server tells who has read a message; sent to clients in help.getAppConfig (`chat_read_mark_size_threshold`). */
export const READERS_MEMBERS_MAX = 100;

/** Somebody who has read a message, and when (unix seconds). */
export interface MessageReader {
  user_id: bigint;
  date: number;
}

// A member's own copy says up to where they must have read; the first read mark at or behind it says when.
const listReaderRows = defineStatement<MessageReader>(
  'list_message_readers',
  `SELECT w.user_id, r.date
     FROM unnest($2::bigint[]) AS w (user_id)
     JOIN messages c ON c.owner_id = w.user_id AND c.global_id = $3
    CROSS JOIN LATERAL (SELECT d.date FROM read_dates d
                         WHERE d.owner_id = w.user_id AND d.peer_id = $1 AND d.max_id >= c.msg_id
                         ORDER BY d.max_id LIMIT 1) r
    ORDER BY r.date DESC, w.user_id`,
);

/**
 * Lists who in a basic group has read a message that the viewer sent within the last seven days, the latest first.
 * @throws RpcError 400 CHAT_TOO_BIG, MSG_ID_INVALID, MSG_TOO_OLD, PEER_ID_INVALID (the viewer is not in the group)
 */
export async function listReaders({ db, clock }: Pick<MessagingDeps, 'db' | 'clock'>, ownerId: bigint, { chatId, peerId }: ResolvedChat, msgId: number): Promise<MessageReader[]> {
  const [[chat], [member], row] = await Promise.all([
    findChatRows(db, [chatId]),
    findChatMembers(db, [{ id: chatId, userId: ownerId }]),
    findMessage(db.q, ownerId, msgId),
  ]);
  if (chat === undefined || chat.deactivated || member?.status !== 'member') throw rpcError('PEER_ID_INVALID');
  if (chat.members > READERS_MEMBERS_MAX) throw rpcError('CHAT_TOO_BIG');
  if (row?.peer_id !== peerId || !hasFlag(row, MessageFlag.out) || hasFlag(row, MessageFlag.service)) throw rpcError('MSG_ID_INVALID');
  if (clock.now() - row.date > READ_DATES_KEPT_S) throw rpcError('MSG_TOO_OLD');
  const readers = (await listMemberIds(db, chatId)).filter((userId) => userId !== ownerId);
  const { rows } = await db.run(listReaderRows, [peerId, readers, row.global_id]);
  return [...rows];
}
