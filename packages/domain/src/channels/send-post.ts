import { rpcError } from '@aerogram/errors';
import type { tl } from '@aerogram/tl';

import { ChannelFlag, type ChatAction, isAnonymous, type Standing } from '../chats/index.ts';
import { type MessageExtra, packMessageExtra, type PostRow } from '../events/index.ts';
import { type ChannelChangeDeps, changeChannel, type Acting, type ChannelChange, type PostContent } from './channel-change.ts';
import { findPostKey, findPosts } from './post-store.ts';

/** A message to post in a channel. All of it was checked and rebuilt. */
export interface NewPost extends Acting {
  /** Not 0. */
  randomId: bigint;
  /** What the post needs the right to. */
  action: ChatAction;
  text: string;
  /** `MessageFlag` bits. */
  flags: number;
  extra: MessageExtra;
  /** The message that it replies to. */
  reply: { msgId: number; quote: tl.messageReplyHeader | undefined } | undefined;
  /** The name with which a signed post is signed. */
  signature: string;
}

/**
 * Posts a message. A repeat with the same random id returns the message of the first call.
 * @throws RpcError 400 CHANNEL_PRIVATE, CHAT_WRITE_FORBIDDEN, CHAT_ADMIN_REQUIRED, RANDOM_ID_DUPLICATE, REPLY_MESSAGE_ID_INVALID, QUOTE_TEXT_INVALID, 420
 * SLOWMODE_WAIT_%d, and the other errors of the rights
 */
export function doSendPost(deps: ChannelChangeDeps, channelId: bigint, post: NewPost): Promise<PostRow> {
  return changeChannel(deps, { name: 'send-post', channelId, acting: post }, {}, async (channel) => {
    const earlier = await findEarlier(channel, channelId, post);
    if (earlier !== undefined) return earlier;
    channel.check(post.action);
    countSlowMode(channel, post.actorId);
    await checkReply(channel, channelId, post);
    return channel.post({ ...contentOf(post), ...authorOf(channel, post) }, post.randomId);
  });
}

/** The message that an earlier call with the same random id has posted. */
async function findEarlier(channel: ChannelChange, channelId: bigint, { actorId, randomId }: NewPost): Promise<PostRow | undefined> {
  const key = await findPostKey(channel.tx, channel.peerId, randomId);
  if (key === undefined) return undefined;
  const row = (await findPosts(channel.tx.q, channelId, [key.msgId])).get(key.msgId);
  if (key.peerId !== actorId || row === undefined) throw rpcError('RANDOM_ID_DUPLICATE');
  return row;
}

function contentOf({ text, flags, extra, reply }: NewPost): PostContent {
  const packed = packMessageExtra(reply?.quote === undefined ? extra : { ...extra, replyTo: reply.quote });
  return { text, flags, extra: packed, reply_to_msg_id: reply?.msgId ?? null };
}

/** Who is shown as the author. */
function authorOf({ row, peerId, standing }: ChannelChange, { actorId, signature }: NewPost): Pick<PostContent, 'from_id' | 'signature'> {
  if (row.kind !== 'broadcast') return isAnonymous(standing) ? { from_id: peerId } : { from_id: actorId };
  const has = (flag: number): boolean => (row.flags & flag) !== 0;
  return { from_id: has(ChannelFlag.signatureProfiles) ? actorId : peerId, signature: has(ChannelFlag.signatures) ? signature : null };
}

/** Refuses a member whom slow mode lets wait, and otherwise notes when the member may write again. Admins never wait. */
function countSlowMode(channel: ChannelChange, actorId: bigint): void {
  const { slow_mode_seconds: seconds, kind } = channel.row;
  const { role }: Standing = channel.standing;
  if (seconds === 0 || kind === 'broadcast' || role !== 'member') return;
  const until = channel.memberOf(actorId)?.slow_mode_until ?? 0;
  if (until > channel.date) throw rpcError('SLOWMODE_WAIT_%d', until - channel.date);
  channel.slowModeUntil = channel.date + seconds;
}

async function checkReply({ tx }: ChannelChange, channelId: bigint, { reply }: NewPost): Promise<void> {
  if (reply === undefined) return;
  const target = (await findPosts(tx.q, channelId, [reply.msgId])).get(reply.msgId);
  if (target === undefined) throw rpcError('REPLY_MESSAGE_ID_INVALID');
  const quoted = reply.quote?.quote_text;
  if (quoted !== undefined && !target.text.includes(quoted)) throw rpcError('QUOTE_TEXT_INVALID');
}
