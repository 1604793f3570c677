import { markPeer, unmarkPeer } from '@aerogram/cluster';
import { rpcError } from '@aerogram/errors';
import type { tl } from '@aerogram/tl';

import { forwardMedia, isText } from '../content/index.ts';
import { hasFlag, MessageFlag, type MessageRow, type PostRow, unpackMessageExtra } from '../events/index.ts';
import { forwardMarkup } from '../keyboards/index.ts';
import { regroup } from './album.ts';
import type { OutgoingPart } from './outgoing.ts';

/** A forward as the client asks for it. */
export interface Forwarding {
  ownerId: bigint;
  /** Marked id of the peer to forward to. */
  toPeerId: bigint;
  msgIds: readonly number[];
  randomIds: readonly bigint[];
  silent: boolean;
  noforwards: boolean;
  /** Send copies without a forward header. */
  dropAuthor: boolean;
  /** Leave out the texts of media. */
  dropCaptions: boolean;
}

/** Messages of one chat that the forwarder may read. */
export interface ForwardSource {
  /** By message id; those of other chats and those that do not exist are left out. */
  rows: ReadonlyMap<number, MessageRow | PostRow>;
  /** Whether nothing of the chat may be forwarded. */
  isProtected: boolean;
}

/** What {@link prepareForward} asks for. */
export interface ForwardHelp {
  /** Returns the authors whom forwards must not link to, with the names to show instead. */
  findHidden(authorIds: Iterable<bigint>): Promise<Map<bigint, string>>;
  /** Returns the id of a new album. */
  newGroupedId(): bigint;
}

/** Flags that a forward keeps from the original message; all others are set anew. */
export const CONTENT_FLAGS = MessageFlag.noWebpage | MessageFlag.invertMedia;

/**
 * Turns messages of one chat into the messages to send to another, in the requested order. Those that are gone, and those that cannot be forwarded because they
 * are service messages, are left out, because others may be deleted while somebody chooses.
 * @throws RpcError MESSAGE_IDS_EMPTY, RANDOM_ID_INVALID (missing or duplicate ids), MESSAGE_ID_INVALID if none is left, CHAT_FORWARDS_RESTRICTED
 */
export async function prepareForward(
  { rows, isProtected }: ForwardSource,
  forwarding: Forwarding,
  { findHidden, newGroupedId }: ForwardHelp,
): Promise<OutgoingPart[]> {
  const { ownerId, toPeerId, msgIds, randomIds } = forwarding;
  if (msgIds.length === 0) throw rpcError('MESSAGE_IDS_EMPTY');
  if (msgIds.length !== randomIds.length || new Set(randomIds).size !== randomIds.length) throw rpcError('RANDOM_ID_INVALID');
  if (isProtected) throw rpcError('CHAT_FORWARDS_RESTRICTED');
  const found = msgIds.flatMap((msgId, index) => {
    const row = rows.get(msgId);
    return row === undefined || hasFlag(row, MessageFlag.service) ? [] : [{ row, randomId: randomIds[index]! }];
  });
  if (found.length === 0) throw rpcError('MESSAGE_ID_INVALID');
  const isToSaved = toPeerId === ownerId;
  const hidden = forwarding.dropAuthor ? new Map<bigint, string>() : await findHidden(new Set([...rows.values()].map((row) => row.from_id)));
  const flags =
    (forwarding.silent ? MessageFlag.silent : 0) | (forwarding.noforwards ? MessageFlag.noforwards : 0);
  const groupedIds = regroup(found.map(({ row }) => unpackMessageExtra(row.extra).groupedId), newGroupedId);
  const places = new Map(found.map(({ row }, index) => [row.msg_id, index]));
  return found.map(({ row, randomId }, index) => {
    if (hasFlag(row, MessageFlag.noforwards)) throw rpcError('CHAT_FORWARDS_RESTRICTED');
    const { entities, media, fwdFrom, replyTo, replyMarkup, viaBotId } = unpackMessageExtra(row.extra);
    const answered = row.reply_to_msg_id === null ? undefined : places.get(row.reply_to_msg_id);
    const isBare = forwarding.dropCaptions && !isText(media);
    return {
      randomId,
      text: isBare ? '' : row.text,
      flags: flags | (row.flags & CONTENT_FLAGS),
      extra: {
        entities: isBare ? undefined : entities,
        media: forwardMedia(media),
        groupedId: groupedIds[index],
        replyMarkup: forwardMarkup(replyMarkup),
        viaBotId: forwarding.dropAuthor ? undefined : viaBotId,
        fwdFrom: forwarding.dropAuthor ? undefined : forwardHeader(row, fwdFrom, { ownerId, isToSaved, hiddenName: hidden.get(row.from_id) }),
      },
      answers: answered !== undefined && answered < index ? { part: answered, quote: replyTo } : undefined,
      savedPeerId: isToSaved && !forwarding.dropAuthor ? (row.saved_peer_id ?? row.peer_id) : undefined,
    };
  });
}

/** The circumstances of a forward header. */
interface HeaderContext {
  ownerId: bigint;
  isToSaved: boolean;
  /** The name of the author if forwards must not link to the author. */
  hiddenName: string | undefined;
}

/** The forward header: the original author and date, and in Saved Messages also the message that was saved. */
function forwardHeader(row: MessageRow | PostRow, earlier: tl.MessageFwdHeader | undefined, { ownerId, isToSaved, hiddenName }: HeaderContext): tl.messageFwdHeader {
  const author = authorOf(row, earlier, hiddenName);
  if (!isToSaved) return author;
  const isOwn = 'poster_id' in row ? row.poster_id === ownerId : hasFlag(row, MessageFlag.out);
  return {
    ...author,
    // If `from_id` is the owner, the flag would say nothing new.
    saved_out: isOwn && (author.from_id === undefined || markPeer(author.from_id) !== ownerId) ? true : undefined,
    ...sourceOf(row),
  };
}

/** The header of the copy of a post in the discussion group of its channel: the original author, and the post that was copied. */
export function copyHeader(post: PostRow, earlier: tl.MessageFwdHeader | undefined): tl.messageFwdHeader {
  return { ...authorOf(post, earlier, undefined), ...sourceOf(post) };
}

function authorOf(row: MessageRow | PostRow, earlier: tl.MessageFwdHeader | undefined, hiddenName: string | undefined): tl.messageFwdHeader {
  return earlier === undefined ? authorHeader(row, hiddenName) : keepAuthor(earlier);
}

function sourceOf({ peer_id, msg_id }: MessageRow): Pick<tl.messageFwdHeader, 'saved_from_peer' | 'saved_from_msg_id'> {
  return { saved_from_peer: unmarkPeer(peer_id), saved_from_msg_id: msg_id };
}

/** The header that names the author of a message. @param hiddenName the name of the author if nothing may link to the author */
export function authorHeader(row: MessageRow | PostRow, hiddenName: string | undefined): tl.messageFwdHeader {
  const { date } = row;
  if (hiddenName !== undefined && !hasFlag(row, MessageFlag.post)) return { _: 'messageFwdHeader', from_name: hiddenName, date };
  const post_author = 'signature' in row ? (row.signature ?? undefined) : undefined;
  // The author of a post is its channel, even if the post links to the profile of an admin.
  if (hasFlag(row, MessageFlag.post)) return { _: 'messageFwdHeader', from_id: unmarkPeer(row.peer_id), date, channel_post: row.msg_id, post_author };
  return { _: 'messageFwdHeader', from_id: unmarkPeer(row.from_id), date, post_author };
}

/** What a forward of a forward keeps of the header: the original author. */
function keepAuthor({ from_id, from_name, date, channel_post, post_author }: tl.MessageFwdHeader): tl.messageFwdHeader {
  return { _: 'messageFwdHeader', from_id, from_name, date, channel_post, post_author };
}
