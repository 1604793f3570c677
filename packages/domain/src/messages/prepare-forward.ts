import { isMarkedChat, markPeer, unmarkPeer } from '@aerogram/cluster';
import { rpcError } from '@aerogram/errors';
import type { Database } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import { findChatRows } from '../chats/index.ts';
import { findDialogs } from '../dialogs/index.ts';
import { hasFlag, MessageFlag, type MessageRow, unpackMessageExtra } from '../events/index.ts';
import { findMessages } from './find-messages.ts';
import type { OutgoingPart } from './outgoing.ts';
import { chatIdOf } from './places.ts';

export interface Forwarding {
  ownerId: bigint;
  /** Marked id of the peer whose dialog contains the messages. */
  fromPeerId: bigint;
  /** Marked id of the peer to forward to. */
  toPeerId: bigint;
  msgIds: readonly number[];
  randomIds: readonly bigint[];
  silent: boolean;
  noforwards: boolean;
  /** Send copies without a forward header. */
  dropAuthor: boolean;
}

/** Flags that a forward keeps from the original message; all others are set anew. */
const CONTENT_FLAGS = MessageFlag.noWebpage | MessageFlag.invertMedia;

/**
 * Turns messages of one dialog into the messages to send to another, in the requested order.
 * @param findHidden returns the authors whom forwards must not link to, with the names to show instead
 * @throws RpcError MESSAGE_IDS_EMPTY, RANDOM_ID_INVALID (missing or duplicate ids), MESSAGE_ID_INVALID, CHAT_FORWARDS_RESTRICTED
 */
export async function prepareForward(
  db: Pick<Database, 'q' | 'run'>,
  forwarding: Forwarding,
  findHidden: (authorIds: Iterable<bigint>) => Promise<Map<bigint, string>>,
): Promise<OutgoingPart[]> {
  const { ownerId, fromPeerId, toPeerId, msgIds, randomIds } = forwarding;
  if (msgIds.length === 0) throw rpcError('MESSAGE_IDS_EMPTY');
  if (msgIds.length !== randomIds.length || new Set(randomIds).size !== randomIds.length) {
    throw rpcError('RANDOM_ID_INVALID');
  }
  const [rows, isProtected] = await Promise.all([findMessages(db.q, ownerId, msgIds), isContentProtected(db, ownerId, fromPeerId)]);
  if (isProtected) throw rpcError('CHAT_FORWARDS_RESTRICTED');
  const isToSaved = toPeerId === ownerId;
  const hidden = forwarding.dropAuthor ? new Map<bigint, string>() : await findHidden(new Set([...rows.values()].map((row) => row.from_id)));
  const flags =
    (forwarding.silent ? MessageFlag.silent : 0) | (forwarding.noforwards ? MessageFlag.noforwards : 0);
  const places = new Map(msgIds.map((msgId, index) => [msgId, index]));
  return msgIds.map((msgId, index) => {
    const row = rows.get(msgId);
    if (row === undefined || row.peer_id !== fromPeerId || hasFlag(row, MessageFlag.service)) {
      throw rpcError('MESSAGE_ID_INVALID');
    }
    if (hasFlag(row, MessageFlag.noforwards)) throw rpcError('CHAT_FORWARDS_RESTRICTED');
    const { entities, media, fwdFrom, replyTo } = unpackMessageExtra(row.extra);
    const answered = row.reply_to_msg_id === null ? undefined : places.get(row.reply_to_msg_id);
    return {
      randomId: randomIds[index]!,
      text: row.text,
      flags: flags | (row.flags & CONTENT_FLAGS),
      extra: {
        entities,
        media: forwardMedia(media),
        fwdFrom: forwarding.dropAuthor ? undefined : forwardHeader(row, fwdFrom, isToSaved, hidden.get(row.from_id)),
      },
      answers: answered !== undefined && answered < index ? { part: answered, quote: replyTo } : undefined,
      savedPeerId: isToSaved && !forwarding.dropAuthor ? (row.saved_peer_id ?? row.peer_id) : undefined,
    };
  });
}

/** Whether nothing can be forwarded out of a dialog. */
async function isContentProtected(db: Pick<Database, 'q' | 'run'>, ownerId: bigint, peerId: bigint): Promise<boolean> {
  if (isMarkedChat(peerId)) {
    const [chat] = await findChatRows(db, [chatIdOf(peerId)]);
    return chat?.noforwards === true;
  }
  const [dialog] = await findDialogs(db.q, ownerId, [peerId]);
  return dialog !== undefined && dialog.protected_by !== 0;
}

/** A forwarded live location becomes a fixed one: only the original message follows its owner. */
function forwardMedia(media: tl.MessageMedia | undefined): tl.MessageMedia | undefined {
  return media?._ === 'messageMediaGeoLive' ? { _: 'messageMediaGeo', geo: media.geo } : media;
}

/** The forward header: the original author and date, and in Saved Messages also the message that was saved. */
function forwardHeader(
  row: MessageRow,
  earlier: tl.MessageFwdHeader | undefined,
  isToSaved: boolean,
  hiddenName: string | undefined,
): tl.messageFwdHeader {
  const author: tl.messageFwdHeader = earlier
    ? { _: 'messageFwdHeader', from_id: earlier.from_id, from_name: earlier.from_name, date: earlier.date }
    : hiddenName === undefined
      ? { _: 'messageFwdHeader', from_id: unmarkPeer(row.from_id), date: row.date }
      : { _: 'messageFwdHeader', from_name: hiddenName, date: row.date };
  if (!isToSaved) return author;
  return {
    ...author,
    // If `from_id` is the owner, the flag would say nothing new.
    saved_out: hasFlag(row, MessageFlag.out) && (author.from_id === undefined || markPeer(author.from_id) !== row.owner_id) ? true : undefined,
    saved_from_peer: unmarkPeer(row.peer_id),
    saved_from_msg_id: row.msg_id,
  };
}
