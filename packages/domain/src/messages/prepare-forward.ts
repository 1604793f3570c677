import { markPeer, unmarkPeer } from '@aerogram/cluster';
import { rpcError } from '@aerogram/errors';
import type { tl } from '@aerogram/tl';

import { findDialogs } from '../dialogs/index.ts';
import { hasFlag, MessageFlag, type MessageRow, type Queries, unpackMessageExtra } from '../events/index.ts';
import { findMessages } from './find-messages.ts';
import type { OutgoingPart } from './outgoing.ts';

export interface Forwarding {
  ownerId: bigint;
  /** Marked peer of the dialog the messages are in. */
  fromPeerId: bigint;
  /** Marked peer they go to. */
  toPeerId: bigint;
  msgIds: readonly number[];
  randomIds: readonly bigint[];
  silent: boolean;
  noforwards: boolean;
  /** Send copies that do not say where they come from. */
  dropAuthor: boolean;
}

/** Bits that belong to a message's content; others are given anew. */
const CONTENT_FLAGS = MessageFlag.noWebpage | MessageFlag.invertMedia;

/**
 * Turns messages of one dialog into what is sent to another, in the order asked for.
 * @param findHidden authors whom forwards must not link to, with the names that stand there instead
 * @throws RpcError MESSAGE_IDS_EMPTY, RANDOM_ID_INVALID (not one id each), MESSAGE_ID_INVALID, CHAT_FORWARDS_RESTRICTED
 */
export async function prepareForward(
  q: Queries,
  forwarding: Forwarding,
  findHidden: (authorIds: Iterable<bigint>) => Promise<Map<bigint, string>>,
): Promise<OutgoingPart[]> {
  const { ownerId, fromPeerId, toPeerId, msgIds, randomIds } = forwarding;
  if (msgIds.length === 0) throw rpcError('MESSAGE_IDS_EMPTY');
  if (msgIds.length !== randomIds.length || new Set(randomIds).size !== randomIds.length) {
    throw rpcError('RANDOM_ID_INVALID');
  }
  const [rows, [dialog]] = await Promise.all([findMessages(q, ownerId, msgIds), findDialogs(q, ownerId, [fromPeerId])]);
  if (dialog !== undefined && dialog.protected_by !== 0) throw rpcError('CHAT_FORWARDS_RESTRICTED');
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

/** A shared location moves only where it was shared: elsewhere it is the place it was. */
function forwardMedia(media: tl.MessageMedia | undefined): tl.MessageMedia | undefined {
  return media?._ === 'messageMediaGeoLive' ? { _: 'messageMediaGeo', geo: media.geo } : media;
}

/** Who wrote it first and when; in Saved Messages also where it was found. */
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
    // Whom `from_id` names as the owner needs no flag besides.
    saved_out: hasFlag(row, MessageFlag.out) && (author.from_id === undefined || markPeer(author.from_id) !== row.owner_id) ? true : undefined,
    saved_from_peer: unmarkPeer(row.peer_id),
    saved_from_msg_id: row.msg_id,
  };
}
