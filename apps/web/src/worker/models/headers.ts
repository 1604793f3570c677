import type { tl } from '@mtcute/core';
import type { Forwarded, Message, MessageId, Quote, Replies, ReplyTo } from '../../protocol/index.ts';
import { channelPeer, peerIdOf } from './ids.ts';
import { readEntities } from './text.ts';

/** Reads what a message answers. Pure. @returns undefined if it answers none */
export function readReply(header: tl.TypeMessageReplyHeader | undefined): ReplyTo | undefined {
  if (header?._ !== 'messageReplyHeader' || (header.replyToMsgId === undefined && header.replyFrom === undefined)) return undefined;
  // It only says in which topic the message is.
  if (header.forumTopic && header.replyToTopId === undefined) return undefined;
  const { replyFrom } = header;
  return {
    id: header.replyToMsgId ?? 0,
    peer: header.replyToPeerId && peerIdOf(header.replyToPeerId),
    author: replyFrom && { peer: replyFrom.fromId && peerIdOf(replyFrom.fromId), name: replyFrom.fromName },
    quote: header.quote || header.replyToMsgId === undefined ? readQuote(header) : undefined,
  };
}

/** Reads in which topic of a forum a message is. Pure. @returns undefined in General, and in groups without topics */
export function readTopicId(header: tl.TypeMessageReplyHeader | undefined): MessageId | undefined {
  return header?._ === 'messageReplyHeader' && header.forumTopic ? (header.replyToTopId ?? header.replyToMsgId) : undefined;
}

/** Reads in which thread of a supergroup a message is a reply. Pure. @returns the message with which the thread began; undefined outside of threads, and in topics */
export function readThread(header: tl.TypeMessageReplyHeader | undefined): MessageId | undefined {
  if (header?._ !== 'messageReplyHeader' || header.forumTopic) return undefined;
  return header.replyToTopId ?? (header.replyToPeerId === undefined ? header.replyToMsgId : undefined);
}

/** Reads what was replied to a message. Pure. */
export function readReplies(replies: tl.RawMessageReplies | undefined): Replies | undefined {
  return (
    replies && {
      count: replies.replies,
      version: replies.repliesPts,
      recent: replies.recentRepliers?.map(peerIdOf),
      maxId: replies.maxId,
      readMaxId: replies.readMaxId,
      group: replies.comments && replies.channelId !== undefined ? channelPeer(replies.channelId) : undefined,
    }
  );
}

/** Which of two reports on the replies to a message is the newer one. What the account has read only one of them may say. Pure. */
export function newerReplies(known: Replies | undefined, fresh: Replies | undefined): Replies | undefined {
  // A channel without a discussion group has no comments any more.
  if (!known || !fresh || fresh.group !== known.group) return fresh;
  const newer = fresh.version < known.version ? known : fresh;
  const read = Math.max(known.readMaxId ?? 0, fresh.readMaxId ?? 0);
  // Updates leave out who replied last.
  const recent = newer.recent ?? (fresh.version === known.version ? known.recent : undefined);
  return { ...newer, recent, readMaxId: read === 0 ? undefined : read };
}

/** Reads a quote of a message or of a draft. Pure. @returns undefined if there is none */
export function readQuote({ quoteText, quoteEntities, quoteOffset }: Pick<tl.RawMessageReplyHeader, 'quoteText' | 'quoteEntities' | 'quoteOffset'>): Quote | undefined {
  return quoteText === undefined ? undefined : { text: quoteText, entities: readEntities(quoteEntities) ?? [], at: quoteOffset ?? 0 };
}

/** Reads where a forwarded message comes from. Pure. */
export function readForwarded(header: tl.RawMessageFwdHeader | undefined): Forwarded | undefined {
  if (!header) return undefined;
  const { fromId, fromName, channelPost, postAuthor, date, savedFromPeer, savedFromMsgId } = header;
  return {
    from: fromId && peerIdOf(fromId),
    name: fromName,
    post: channelPost,
    author: postAuthor,
    date,
    origin: savedFromPeer && savedFromMsgId !== undefined ? { peer: peerIdOf(savedFromPeer), message: savedFromMsgId } : undefined,
  };
}

/** Reads an answer to a comment, which is shown as written by whoever has answered. Pure. */
export function readAnswer({ fwdFrom, replyTo }: tl.RawMessage): Partial<Pick<Message, 'from' | 'forwarded' | 'answer'>> {
  const forwarded = readForwarded(fwdFrom);
  if (forwarded?.from === undefined || forwarded.origin === undefined) return { forwarded };
  const { peer: group, message } = forwarded.origin;
  const root = replyTo?._ === 'messageReplyHeader' ? replyTo.replyToTopId : undefined;
  return { from: forwarded.from, answer: root === undefined ? undefined : { group, root, message } };
}
