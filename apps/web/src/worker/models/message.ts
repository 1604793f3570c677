import type { tl } from '@mtcute/core';
import type { Forwarded, Message, PeerId, Reaction, ReplyTo, Snippet } from '../../protocol/index.ts';
import { isChannel, peerIdOf } from './ids.ts';
import type { Location } from './location.ts';
import { readMedia } from './media.ts';
import { readAction } from './service.ts';
import { readEntities } from './text.ts';

/** A message as the worker keeps it. */
export interface MessageRow extends Message {
  /** The id, if it is counted per account, as in private chats and basic groups; deletions name these messages by nothing else. */
  ownId?: number;
  /** Where its files are, by the id of the photo or document. */
  locations?: Record<string, Location>;
  /** Random id of a message that was sent from here, as a decimal string. */
  randomId?: string;
}

/** Who wrote a message. Pure. @param self the account */
function authorOf(message: tl.RawMessage | tl.RawMessageService, self: PeerId): PeerId {
  if (message.fromId) return peerIdOf(message.fromId);
  const peer = peerIdOf(message.peerId);
  return message.out && !isChannel(peer) ? self : peer;
}

/**
 * Reads a message. Pure.
 * @param self the account
 * @returns undefined for one that is gone
 */
export function readMessage(message: tl.TypeMessage, self: PeerId): MessageRow | undefined {
  if (message._ === 'messageEmpty') return undefined;
  const peer = peerIdOf(message.peerId);
  const row: MessageRow = {
    key: String(message.id),
    id: message.id,
    peer,
    from: authorOf(message, self),
    date: message.date,
    isOut: message.out === true,
    isPost: message.post,
    text: '',
    replyTo: readReply(message.replyTo),
    isSilent: message.silent,
    mentionsMe: message.mentioned,
    isUnplayed: message.mediaUnread === true && !message.out,
    reactions: readReactions(message.reactions),
    ...(isChannel(peer) ? {} : { ownId: message.id }),
  };
  if (message._ === 'messageService') return { ...row, service: readAction(message.action) };
  const read = readMedia(message.media);
  return {
    ...row,
    text: message.message,
    entities: readEntities(message.entities),
    media: read?.media,
    locations: read?.locations,
    forwarded: readForwarded(message.fwdFrom),
    album: message.groupedId?.toString(),
    editDate: message.editHide ? undefined : message.editDate,
    views: message.views,
    isPinned: message.pinned,
    isProtected: message.noforwards,
    signature: message.postAuthor,
    via: message.viaBotId,
  };
}

/** Reads the reactions on a message. Pure. */
export function readReactions(reactions: tl.RawMessageReactions | undefined): Reaction[] | undefined {
  const found = reactions?.results.flatMap(({ reaction, count, chosenOrder }): Reaction[] =>
    reaction._ === 'reactionEmoji' ? [{ emoji: reaction.emoticon, count, isChosen: chosenOrder !== undefined }] : [],
  );
  return found === undefined || found.length === 0 ? undefined : found;
}

function readReply(header: tl.TypeMessageReplyHeader | undefined): ReplyTo | undefined {
  if (header?._ !== 'messageReplyHeader' || header.replyToMsgId === undefined) return undefined;
  return {
    id: header.replyToMsgId,
    peer: header.replyToPeerId && peerIdOf(header.replyToPeerId),
    quote: header.quote && header.quoteText !== undefined ? { text: header.quoteText, entities: readEntities(header.quoteEntities) ?? [] } : undefined,
  };
}

function readForwarded(header: tl.RawMessageFwdHeader | undefined): Forwarded | undefined {
  return header && { from: header.fromId && peerIdOf(header.fromId), name: header.fromName, post: header.channelPost, author: header.postAuthor, date: header.date };
}

/** What a page sees of a message. Pure. */
export function publicMessage({ ownId: _own, locations: _locations, randomId: _random, ...message }: MessageRow): Message {
  return message;
}

/** How much of a text the list of chats shows. */
const SNIPPET_LENGTH = 120;

/** One line about a message. Pure. */
export function snippetOf({ id, from, isOut, date, text, media, service, state }: Message): Snippet {
  return { id, from, isOut, date, text: text.slice(0, SNIPPET_LENGTH), media: media?.kind === 'document' ? media.role : media?.kind, service, state };
}
