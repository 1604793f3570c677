import { unmarkPeer } from '@aerogram/cluster';
import type { Tx } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import type { CommentAnswer } from '../channel-posts/index.ts';
import { findBlocked } from '../contacts/index.ts';
import { forwardMedia, isPlayedMedia } from '../content/index.ts';
import { type Boxes, type BoxWriter, MessageFlag, packMessageExtra, unpackMessageExtra, type UnnumberedMessage } from '../events/index.ts';
import { forwardMarkup } from '../keyboards/index.ts';
import { CONTENT_FLAGS, copyHeader } from '../messages/index.ts';
import { findUserRows, REPLIES_CHAT_ID } from '../peers/index.ts';
import { type ExactQuota, takeBoth } from '../shared/index.ts';
import { findKnownAnswers, globalIdOf } from './replies-store.ts';

/** What {@link bringAnswers} needs. */
export interface BringDeps extends Pick<BoxWriter, 'withBoxes'> {
  /** What one person gets from all groups, and from each of them. */
  quotas: { all: ExactQuota; ofGroup: ExactQuota };
}

/** Answers to comments of one person, all from one group. */
export interface FoundAnswers {
  userId: bigint;
  answers: readonly CommentAnswer[];
}

/**
 * Puts answers into the chat with Replies, each once. Deleted accounts and bots get none; nor does anybody from peers whom they block, or if they block Replies. Of an
 * answer in the name of a channel only that channel counts: otherwise blocks would show who is behind it. What is beyond the quotas is dropped.
 */
export function bringAnswers(deps: BringDeps, tx: Tx, { userId, answers }: FoundAnswers): Promise<void> {
  return deps.withBoxes(tx, [userId], async (boxes, date) => {
    const messages = answers.map((answer) => messageOf(answer, date));
    const [users, blocked, known] = await Promise.all([
      findUserRows(tx, [userId]),
      findBlocked(tx.q, userId, [REPLIES_CHAT_ID, ...answers.map(({ row }) => row.from_id)]),
      findKnownAnswers(tx, userId, messages.map((message) => message.global_id)),
    ]);
    const user = users.get(userId);
    if (user === undefined || user.deleted || user.bot || blocked.has(REPLIES_CHAT_ID)) return;
    const fresh = messages.filter((message) => !known.has(message.global_id) && !blocked.has(message.saved_peer_id!));
    if (fresh.length > 0 && (await hasRoom(deps, userId, answers[0]!.row.peer_id, fresh.length))) addAll(boxes, userId, fresh);
  });
}

async function hasRoom({ quotas }: BringDeps, userId: bigint, groupId: bigint, count: number): Promise<boolean> {
  return (await takeBoth(quotas.ofGroup.take(`${userId}:${groupId}`, count), () => quotas.all.take(`${userId}`, count))) === 0;
}

function addAll(boxes: Boxes, userId: bigint, messages: readonly UnnumberedMessage[]): void {
  for (const message of messages) boxes.addMessage(userId, message, undefined);
}

/** An answer as it is shown in the chat with Replies: forwarded from whoever has answered, and as a reply to the comment in the group. Pure. */
function messageOf({ row, answeredId, rootId, isProtected }: CommentAnswer, date: number): UnnumberedMessage {
  const { entities, media, replyTo, replyMarkup, viaBotId, groupedId } = unpackMessageExtra(row.extra);
  const { quote, quote_text, quote_entities, quote_offset, todo_item_id } = replyTo ?? {};
  const header: tl.messageReplyHeader = {
    _: 'messageReplyHeader',
    quote,
    reply_to_msg_id: answeredId,
    reply_to_peer_id: unmarkPeer(row.peer_id),
    reply_to_top_id: rootId,
    quote_text,
    quote_entities,
    quote_offset,
    todo_item_id,
  };
  const kept = row.flags & (CONTENT_FLAGS | MessageFlag.silent);
  return {
    global_id: globalIdOf(row.peer_id, row.msg_id),
    peer_id: REPLIES_CHAT_ID,
    from_id: REPLIES_CHAT_ID,
    saved_peer_id: row.from_id,
    date,
    edit_date: null,
    flags: kept | (isProtected ? MessageFlag.noforwards : 0) | (isPlayedMedia(media) ? MessageFlag.mediaUnread : 0),
    reply_to_msg_id: null,
    text: row.text,
    extra: packMessageExtra({ entities, media: forwardMedia(media), replyMarkup: forwardMarkup(replyMarkup), viaBotId, groupedId, fwdFrom: copyHeader(row, undefined), replyTo: header }),
  };
}
