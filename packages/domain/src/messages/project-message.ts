import { unmarkPeer } from '@aerogram/cluster';
import type { tl } from '@aerogram/tl';

import { hasFlag, type MessageExtra, MessageFlag, type MessageRow, unpackMessageExtra } from '../events/index.ts';
import { projectMarkup } from '../keyboards/index.ts';
import { projectReactions } from './project-reactions.ts';

/** The message as the owner of the box sees it. Pure. */
export function projectMessage(row: MessageRow): tl.message | tl.messageService {
  const extra = unpackMessageExtra(row.extra);
  return hasFlag(row, MessageFlag.service) ? projectService(row, extra) : projectText(row, extra);
}

/** Stands for a requested message that does not exist. getMessages returns one entry per requested id, in order. */
export function projectMissingMessage(msgId: number): tl.messageEmpty {
  return { _: 'messageEmpty', id: msgId };
}

/** Returns true or undefined, never false: TL encodes a flag by its presence. */
function flag(row: MessageRow, bit: number): true | undefined {
  return hasFlag(row, bit) ? true : undefined;
}

/** A message in Saved Messages is never marked outgoing, although the owner wrote it. */
function isOut(row: MessageRow): true | undefined {
  return row.owner_id === row.peer_id ? undefined : flag(row, MessageFlag.out);
}

function projectText(row: MessageRow, extra: MessageExtra): tl.message {
  return {
    _: 'message',
    out: isOut(row),
    mentioned: flag(row, MessageFlag.mentioned),
    media_unread: flag(row, MessageFlag.mediaUnread),
    silent: flag(row, MessageFlag.silent),
    from_scheduled: flag(row, MessageFlag.fromScheduled),
    edit_hide: flag(row, MessageFlag.editHide),
    pinned: flag(row, MessageFlag.pinned),
    noforwards: flag(row, MessageFlag.noforwards),
    invert_media: flag(row, MessageFlag.invertMedia),
    id: row.msg_id,
    from_id: unmarkPeer(row.from_id),
    peer_id: unmarkPeer(row.peer_id),
    saved_peer_id: projectSavedPeer(row),
    // Stands for the counts of the original post until `PostCounts.fill` puts these in.
    views: extra.fwdFrom?.channel_post === undefined ? undefined : 1,
    forwards: extra.fwdFrom?.channel_post === undefined ? undefined : 0,
    fwd_from: extra.fwdFrom,
    via_bot_id: extra.viaBotId,
    reply_to: projectReplyHeader(row, extra),
    date: row.date,
    message: row.text,
    media: extra.media,
    reply_markup: extra.replyMarkup && projectMarkup(extra.replyMarkup),
    entities: extra.entities,
    edit_date: row.edit_date ?? undefined,
    grouped_id: extra.groupedId,
    effect: extra.effectId,
    reactions: extra.reactions && projectReactions(row.owner_id, extra.reactions, row.peer_id === row.owner_id),
    ttl_period: row.ttl_period ?? undefined,
  };
}

function projectService(row: MessageRow, extra: MessageExtra): tl.messageService {
  return {
    _: 'messageService',
    out: isOut(row),
    mentioned: flag(row, MessageFlag.mentioned),
    media_unread: flag(row, MessageFlag.mediaUnread),
    silent: flag(row, MessageFlag.silent),
    id: row.msg_id,
    from_id: unmarkPeer(row.from_id),
    peer_id: unmarkPeer(row.peer_id),
    saved_peer_id: projectSavedPeer(row),
    reply_to: projectReplyHeader(row, extra),
    date: row.date,
    action: extra.action ?? { _: 'messageActionEmpty' },
    ttl_period: row.ttl_period ?? undefined,
  };
}

function projectReplyHeader(row: MessageRow, extra: MessageExtra): tl.messageReplyHeader | undefined {
  // The header of a reply to a message of another chat is stored whole.
  if (row.reply_to_msg_id === null) return isElsewhere(extra.replyTo) ? extra.replyTo : undefined;
  return { ...extra.replyTo, _: 'messageReplyHeader', reply_to_msg_id: row.reply_to_msg_id };
}

/** Whether a stored reply header says of itself to what the message replies. */
function isElsewhere(header: tl.messageReplyHeader | undefined): boolean {
  return header?.reply_from !== undefined || header?.reply_to_peer_id !== undefined;
}

/** The chat of Saved Messages in which a message is. With answers to comments the column says who has answered, which clients see in the forward header. */
function projectSavedPeer({ owner_id, peer_id, saved_peer_id }: MessageRow): tl.Peer | undefined {
  return saved_peer_id === null || peer_id !== owner_id ? undefined : unmarkPeer(saved_peer_id);
}
