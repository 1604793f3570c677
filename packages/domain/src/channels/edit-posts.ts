import { rpcError } from '@aerogram/errors';
import type { tl } from '@aerogram/tl';

import { mayDo } from '../chats/index.ts';
import { hasFlag, MessageFlag, packMessageExtra, type PostRow, unpackMessageExtra } from '../events/index.ts';
import { EDIT_TIME_LIMIT_S } from '../messages/index.ts';
import type { Acting, ChannelChange } from './channel-change.ts';
import { findPosts } from './post-store.ts';

/** The new text of a message. */
export interface PostEdit extends Acting {
  msgId: number;
  text: string;
  entities: tl.MessageEntity[];
}

/**
 * Edits the text of a message. Members edit their own messages for two days; admins of broadcast channels edit posts at any time.
 * @throws RpcError 400 MESSAGE_ID_INVALID, MESSAGE_NOT_MODIFIED, MESSAGE_EDIT_TIME_EXPIRED, 403 MESSAGE_AUTHOR_REQUIRED, and the errors of the rights
 */
export async function editPost(channel: ChannelChange, { actorId, msgId, text, entities }: PostEdit): Promise<{ row: PostRow; pts: number }> {
  const isBroadcast = channel.row.kind === 'broadcast';
  const post = (await findPosts(channel.tx.q, channel.row.channel_id, [msgId])).get(msgId);
  if (post === undefined || hasFlag(post, MessageFlag.service)) throw rpcError('MESSAGE_ID_INVALID');
  if (post.poster_id === actorId) channel.check('send_plain');
  else channel.check('edit_messages');
  const extra = unpackMessageExtra(post.extra);
  if (extra.fwdFrom !== undefined) throw rpcError('MESSAGE_AUTHOR_REQUIRED');
  const isLate = post.date + EDIT_TIME_LIMIT_S < channel.date;
  if (isLate && !isBroadcast && !mayDo(channel.standing, 'pin_messages')) throw rpcError('MESSAGE_EDIT_TIME_EXPIRED');
  const packed = packMessageExtra({ ...extra, entities });
  if (post.text === text && Buffer.compare(packed ?? new Uint8Array(), post.extra ?? new Uint8Array()) === 0) throw rpcError('MESSAGE_NOT_MODIFIED');
  const row: PostRow = { ...post, text, extra: packed, edit_date: channel.date };
  return { row, pts: await channel.edit(row) };
}

/** The first message says that the channel was created. It cannot be deleted, so that a channel always has a message. */
const FIRST_ID = 1;

/**
 * Deletes messages. Members delete their own ones; admins with that right delete all, except the first.
 * @throws RpcError 403 MESSAGE_DELETE_FORBIDDEN, and the errors of the rights
 */
export async function deletePosts(channel: ChannelChange, { actorId }: Acting, msgIds: readonly number[]): Promise<{ pts: number; ptsCount: number }> {
  channel.check('view_messages');
  const found = await findPosts(channel.tx.q, channel.row.channel_id, msgIds);
  const isOthers = [...found.values()].some((row) => row.poster_id !== actorId);
  if (isOthers) channel.check('delete_messages');
  else if (found.size > 0 && channel.standing.status !== 'member') throw rpcError('MESSAGE_DELETE_FORBIDDEN');
  if (found.has(FIRST_ID)) throw rpcError('MESSAGE_DELETE_FORBIDDEN');
  const { removed, pts } = await channel.remove([...found.keys()]);
  return { pts, ptsCount: removed.length };
}
