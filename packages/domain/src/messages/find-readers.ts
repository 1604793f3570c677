import { rpcError } from '@aerogram/errors';
import { defineStatement } from '@aerogram/storage';

import type { ResolvedChat } from '../access/index.ts';
import { findChatMembers, findChatRows, listMemberIds } from '../chats/index.ts';
import { hasFlag, MessageFlag, type MessageRow } from '../events/index.ts';
import { findMessage } from './find-messages.ts';
import { READ_DATES_KEPT_S } from './find-read-date.ts';
import type { MessagingDeps } from './messaging-deps.ts';

/** Maximum number of members of a group in which the server tells who has read a message; sent to clients in help.getAppConfig (`chat_read_mark_size_threshold`). */
export const READERS_MEMBERS_MAX = 100;

/** Somebody who has read a message, and when (unix seconds). */
export interface MessageReader {
  user_id: bigint;
  date: number;
}

/** Decides whose reading a viewer is told. */
export interface ReaderPrivacy {
  users: { isOnlineShown(viewerId: bigint, userId: bigint): Promise<boolean> };
  privacy: { showsReadDates(a: bigint, b: bigint): Promise<boolean> };
}

/**
 * Leaves out the readers who hide their read dates or when they were last seen from the viewer, or from whom the viewer hides the same: the date of reading
 * tells both.
 */
export async function showReaders({ users, privacy }: ReaderPrivacy, viewerId: bigint, readers: readonly MessageReader[]): Promise<MessageReader[]> {
  const shown = await Promise.all(
    readers.map(async ({ user_id: userId }) => (await privacy.showsReadDates(viewerId, userId)) && (await users.isOnlineShown(viewerId, userId))),
  );
  return readers.filter((_, at) => shown[at]);
}

// A member has read the message if a read mark of theirs is at or after their own copy. The first such mark has the date.
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
 * Checks that a viewer may learn who has read a message of a group. Pure.
 * @param nowDate unix seconds
 * @param members number of the group's members
 * @param row undefined if the viewer sees no such message
 * @param isOwn whether the viewer sent it there
 * @throws RpcError 400 CHAT_TOO_BIG, MSG_ID_INVALID, MSG_TOO_OLD
 */
export function checkHasReaders<Row extends Pick<MessageRow, 'date' | 'flags'>>(nowDate: number, members: number, row: Row | undefined, isOwn: boolean): asserts row is Row {
  if (members > READERS_MEMBERS_MAX) throw rpcError('CHAT_TOO_BIG');
  if (row === undefined || !isOwn || hasFlag(row, MessageFlag.service)) throw rpcError('MSG_ID_INVALID');
  if (nowDate - row.date > READ_DATES_KEPT_S) throw rpcError('MSG_TOO_OLD');
}

/**
 * Lists the members of a basic group who have read a message that the viewer sent within the last seven days, as {@link showReaders} allows. The latest reader comes first.
 * @throws RpcError 400 CHAT_TOO_BIG, MSG_ID_INVALID, MSG_TOO_OLD, PEER_ID_INVALID (the viewer is not in the group)
 */
export async function listReaders({ db, clock, users, privacy }: Pick<MessagingDeps, 'db' | 'clock'> & ReaderPrivacy, ownerId: bigint, { chatId, peerId }: ResolvedChat, msgId: number): Promise<MessageReader[]> {
  const [[chat], [member], row] = await Promise.all([
    findChatRows(db, [chatId]),
    findChatMembers(db, [{ id: chatId, userId: ownerId }]),
    findMessage(db.q, ownerId, msgId),
  ]);
  if (chat === undefined || chat.deactivated || member?.status !== 'member') throw rpcError('PEER_ID_INVALID');
  checkHasReaders(clock.now(), chat.members, row, row?.peer_id === peerId && hasFlag(row, MessageFlag.out));
  const readers = (await listMemberIds(db, chatId)).filter((userId) => userId !== ownerId);
  const { rows } = await db.run(listReaderRows, [peerId, readers, row.global_id]);
  return showReaders({ users, privacy }, ownerId, rows);
}
