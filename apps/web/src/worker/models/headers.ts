import type { tl } from '@mtcute/core';
import type { Forwarded, MessageId, Quote, ReplyTo } from '../../protocol/index.ts';
import { peerIdOf } from './ids.ts';
import { readEntities } from './text.ts';

/** Reads what a message answers. Pure. @returns undefined if it answers none */
export function readReply(header: tl.TypeMessageReplyHeader | undefined): ReplyTo | undefined {
  if (header?._ !== 'messageReplyHeader' || header.replyToMsgId === undefined) return undefined;
  // It only says in which topic the message is.
  if (header.forumTopic && header.replyToTopId === undefined) return undefined;
  const { replyFrom } = header;
  return {
    id: header.replyToMsgId,
    peer: header.replyToPeerId && peerIdOf(header.replyToPeerId),
    author: replyFrom && { peer: replyFrom.fromId && peerIdOf(replyFrom.fromId), name: replyFrom.fromName },
    quote: header.quote ? readQuote(header) : undefined,
  };
}

/** Reads in which topic of a forum a message is. Pure. @returns undefined in General, and in groups without topics */
export function readTopicId(header: tl.TypeMessageReplyHeader | undefined): MessageId | undefined {
  return header?._ === 'messageReplyHeader' && header.forumTopic ? (header.replyToTopId ?? header.replyToMsgId) : undefined;
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
