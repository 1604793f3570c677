import { rpcError } from '@aerogram/errors';
import type { Database } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import type { ResolvedPeer } from '../access/index.ts';
import { findPostKeys, findPosts } from '../channel-state/index.ts';
import { unpackMessageExtra } from '../events/index.ts';
import { findScheduledBy, findSendKeys, sendKeyOf } from '../messages/index.ts';

/** A call that sends one message. */
export interface SendCall {
  senderId: bigint;
  peer: ResolvedPeer;
  randomId: bigint;
  isScheduled: boolean;
}

type Reader = Pick<Database, 'run' | 'q'>;

/**
 * Finds the message that an earlier call with the same random id has sent or scheduled. A repeated call then needs no new document: it would be in no message, because the send answers with the earlier one.
 * The send itself looks again, under its locks.
 * @returns the media of that message; undefined if there is no earlier call
 * @throws RpcError RANDOM_ID_DUPLICATE if the message was deleted, or the random id was used for another one
 */
export async function findSentMedia(db: Reader, call: SendCall): Promise<{ media: tl.MessageMedia | undefined } | undefined> {
  const [scheduled] = call.isScheduled ? await findScheduledBy(db, call.senderId, [call.randomId]) : [];
  if (scheduled !== undefined) return { media: unpackMessageExtra(scheduled.extra).media };
  const extra = await (call.peer.kind === 'channel' ? findPostExtra(db, call, call.peer.channelId) : findMessageExtra(db, call));
  return extra === undefined ? undefined : { media: unpackMessageExtra(extra).media };
}

/** @returns undefined if there is no earlier call; null if its message has nothing but its text */
async function findMessageExtra(db: Reader, { senderId, peer, randomId }: SendCall): Promise<Uint8Array | null | undefined> {
  const key = (await findSendKeys(db, [{ owner: senderId, randomId }])).get(sendKeyOf(senderId, randomId));
  if (key === undefined) return undefined;
  if (key.peerId !== peer.peerId || key.message === undefined) throw rpcError('RANDOM_ID_DUPLICATE');
  return key.message.extra;
}

/** As {@link findMessageExtra}, for a post. */
async function findPostExtra(db: Reader, { senderId, peer, randomId }: SendCall, channelId: bigint): Promise<Uint8Array | null | undefined> {
  const [key] = await findPostKeys(db, peer.peerId, [randomId]);
  if (key === undefined) return undefined;
  const post = (await findPosts(db.q, channelId, [key.msgId])).get(key.msgId);
  if (key.peerId !== senderId || post === undefined) throw rpcError('RANDOM_ID_DUPLICATE');
  return post.extra;
}
