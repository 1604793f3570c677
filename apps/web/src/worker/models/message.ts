import type { tl } from '@mtcute/core';
import { type Message, type MessageId, type PeerId, type Reaction, REPLIES_CHAT, type Snippet } from '../../protocol/index.ts';
import { readAnswer, readForwarded, readReplies, readReply, readThread, readTopicId } from './headers.ts';
import { isChannel, peerIdOf } from './ids.ts';
import { readKeyboard } from './keyboards.ts';
import type { Location } from './location.ts';
import { awaitedPage, readMedia } from './media.ts';
import { keyOfReaction } from './reactions.ts';
import { readAction } from './service.ts';
import { readEntities } from './text.ts';

/** A message as the worker keeps it. */
export interface MessageRow extends Message {
  /** The id, if it is counted per account, as in private chats and basic groups; deletions name these messages by nothing else. */
  ownId?: number;
  /** Where its files are, by the id of the photo or document. */
  locations?: Record<string, Location>;
  /** Id of the preview that the server is still making. */
  awaitedPage?: string;
  /** Random id of a message that was sent from here, as a decimal string. */
  randomId?: string;
  /** How the server knows the file that was uploaded for it. */
  uploaded?: tl.TypeInputMedia;
  /** The thread or topic that was open when it was written here, whose draft it was; undefined if the chat as a whole was. */
  writtenIn?: MessageId;
  /** Its place among the messages of its chat that were not sent yet: they are sent in the order in which they were written. */
  place?: number;
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
    key: `${peer}:${message.id}`,
    id: message.id,
    peer,
    from: authorOf(message, self),
    date: message.date,
    isOut: message.out === true,
    isPost: message.post,
    text: '',
    replyTo: readReply(message.replyTo),
    topic: readTopicId(message.replyTo),
    // What the server tells of a message is no reply to it.
    thread: isChannel(peer) && !message.post && message._ === 'message' ? readThread(message.replyTo) : undefined,
    isSilent: message.silent,
    mentionsMe: message.mentioned,
    isUnplayed: message.mediaUnread === true && !message.out,
    ...readReactions(message.reactions),
    ...(isChannel(peer) ? {} : { ownId: message.id }),
  };
  if (message._ === 'messageService') return { ...row, service: readAction(message.action, peer) };
  const read = readMedia(message.media);
  return {
    ...row,
    text: message.message,
    entities: readEntities(message.entities),
    media: read?.media,
    locations: read?.locations,
    awaitedPage: awaitedPage(message.media),
    ...(peer === REPLIES_CHAT ? readAnswer(message) : { forwarded: readForwarded(message.fwdFrom) }),
    album: message.groupedId?.toString(),
    editDate: message.editHide ? undefined : message.editDate,
    replies: readReplies(message.replies),
    views: message.views,
    isPinned: message.pinned,
    effect: message.effect?.toString(),
    isProtected: message.noforwards,
    signature: message.postAuthor,
    via: message.viaBotId,
    ...readKeyboard(message.replyMarkup),
  };
}

/** What a message has of reactions. */
export type RowReactions = Pick<MessageRow, 'reactions' | 'hasUnseenReaction' | 'canSeeReactors'>;

/**
 * Reads the reactions on a message. Pure.
 * @param known what was known before: the short form, which all readers get, does not say what this account chose
 */
export function readReactions(reactions: tl.RawMessageReactions | undefined, known?: RowReactions): RowReactions {
  const chosen = new Map(known?.reactions?.filter(({ isChosen }) => isChosen).map(({ emoji, order }) => [emoji, order]));
  const found = reactions?.results.flatMap(({ reaction, count, chosenOrder }): Reaction[] => {
    const emoji = keyOfReaction(reaction);
    if (emoji === undefined) return [];
    const people = reactions.recentReactions?.filter((recent) => keyOfReaction(recent.reaction) === emoji).map(({ peerId }) => peerIdOf(peerId));
    return [{ emoji, count, ...(people?.length === count ? { people } : {}), ...(reactions.min ? { isChosen: chosen.has(emoji), order: chosen.get(emoji) } : { isChosen: chosenOrder !== undefined, order: chosenOrder }) }];
  });
  const isUnseen = reactions?.min ? known?.hasUnseenReaction === true : reactions?.recentReactions?.some(({ unread }) => unread) === true;
  return { reactions: found === undefined || found.length === 0 ? undefined : found, hasUnseenReaction: isUnseen || undefined, canSeeReactors: reactions?.canSeeList };
}

/** What a page sees of a message. Pure. */
export function publicMessage({ ownId: _own, locations: _locations, randomId: _random, place: _place, writtenIn: _writtenIn, awaitedPage: _page, uploaded: _uploaded, ...message }: MessageRow): Message {
  return message;
}

/** How much of a text the list of chats shows. */
const SNIPPET_LENGTH = 120;

/** One line about a message. Pure. */
export function snippetOf({ peer, id, from, isOut, date, text, media, service, state }: Message): Snippet {
  const words = media?.kind === 'poll' ? media.poll.question : text;
  return { peer, id, from, isOut, date, text: words.slice(0, SNIPPET_LENGTH), media: media?.kind === 'document' ? media.role : media?.kind, service, state };
}
