import { rpcError } from '@aerogram/errors';
import type { Database } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import type { ResolvedPeer } from '../access/index.ts';
import { findPostKeys, findPosts } from '../channel-state/index.ts';
import { type MessageRow, type PostRow, unpackMessageExtra } from '../events/index.ts';
import { findScheduledBy, findSendKeys, sendKeyOf } from '../messages/index.ts';

/** A call that sends one message. */
export interface SendCall {
  senderId: bigint;
  peer: ResolvedPeer;
  randomId: bigint;
  isScheduled: boolean;
}

type Reader = Pick<Database, 'run' | 'q'>;

/** What an earlier call has sent or scheduled. */
export interface SentEarlier {
  text: string;
  media: tl.MessageMedia | undefined;
}

/**
 * Finds the message that an earlier call with the same random id has sent or scheduled. A repeated call then makes nothing anew, such as a document or a member of a group: the send answers with the earlier message.
 * The send itself looks again, under its locks.
 * @returns undefined if there is no earlier call
 * @throws RpcError RANDOM_ID_DUPLICATE if the message was deleted, or the random id was used for another one
 */
export async function findSent(db: Reader, call: SendCall): Promise<SentEarlier | undefined> {
  const [scheduled] = call.isScheduled ? await findScheduledBy(db, call.senderId, [call.randomId]) : [];
  const row = scheduled ?? (await (call.peer.kind === 'channel' ? findPost(db, call, call.peer.channelId) : findBoxMessage(db, call)));
  return row && { text: row.text, media: unpackMessageExtra(row.extra).media };
}

async function findBoxMessage(db: Reader, { senderId, peer, randomId }: SendCall): Promise<MessageRow | undefined> {
  const key = (await findSendKeys(db, [{ owner: senderId, randomId }])).get(sendKeyOf(senderId, randomId));
  if (key === undefined) return undefined;
  if (key.peerId !== peer.peerId || key.message === undefined) throw rpcError('RANDOM_ID_DUPLICATE');
  return key.message;
}

async function findPost(db: Reader, { senderId, peer, randomId }: SendCall, channelId: bigint): Promise<PostRow | undefined> {
  const [key] = await findPostKeys(db, peer.peerId, [randomId]);
  if (key === undefined) return undefined;
  const post = (await findPosts(db.q, channelId, [key.msgId])).get(key.msgId);
  if (key.peerId !== senderId || post === undefined) throw rpcError('RANDOM_ID_DUPLICATE');
  return post;
}
