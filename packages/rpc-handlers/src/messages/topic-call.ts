import { type ChannelDoor, isForum, type ListedTopic, projectHiddenPost, projectListedTopics, type ResolvedChannel } from '@aerogram/domain';
import { rpcError } from '@aerogram/errors';
import type { RpcContext } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

/** A forum that a request names, and the operations on its topics. */
export interface AccessedForum {
  peer: ResolvedChannel;
  topics: ChannelDoor['topics'];
}

/**
 * Resolves the forum that a request names.
 * @throws RpcError 400 PEER_ID_INVALID for people, CHANNEL_INVALID for basic groups and for none, CHANNEL_FORUM_MISSING, and the errors of `accessInputPeer`
 */
export async function accessForum(ctx: RpcContext, input: tl.InputPeer): Promise<AccessedForum> {
  // The older forms of these methods name a channel.
  if (input._ === 'inputPeerEmpty') throw rpcError('CHANNEL_INVALID');
  const peer = await ctx.domain.peers.accessInputPeer(ctx.userId, input);
  if (peer.kind === 'user') throw rpcError('PEER_ID_INVALID');
  if (peer.kind === 'chat') throw rpcError('CHANNEL_INVALID');
  if (!isForum(peer.row)) throw rpcError('CHANNEL_FORUM_MISSING');
  return { peer, topics: ctx.domain.channels.at(peer.channelId).topics };
}

/** Topics to answer with. */
export interface FoundTopics {
  topics: readonly ListedTopic[];
  count: number;
  /** The channel's pts, read before the topics, so that the client never takes a message for known that the answer lacks. */
  pts: number;
}

/** Answers with topics, their newest messages and all peers that these name. @param missing ids of topics that never were */
export async function answerTopics(ctx: RpcContext, { channelId, peerId }: ResolvedChannel, { topics, count, pts }: FoundTopics, missing: readonly number[] = []): Promise<tl.messages.forumTopics> {
  const { channels, dialogs, updates } = ctx.domain;
  const { posts } = channels.at(channelId);
  const [dialog] = await dialogs.find(ctx.userId, [peerId]);
  const shown = topics.filter((topic) => !topic.deleted);
  const found = await posts.find(ctx.userId, shown.map((topic) => topic.top_msg_id));
  const { messages, users, chats } = await channels.project(ctx.userId, [...found.values()]);
  messages.push(...(await listHidden(ctx, peerId, shown.filter((topic) => !found.has(topic.top_msg_id)))));
  const projected = projectListedTopics(topics, { userId: ctx.userId, readOutboxMaxId: dialog?.read_outbox_max_id ?? 0 });
  // Drafts name peers, too.
  const drafts = projected.flatMap((topic): tl.updateDraftMessage[] =>
    topic._ === 'forumTopic' && topic.draft !== undefined ? [{ _: 'updateDraftMessage', peer: topic.peer, top_msg_id: topic.id, draft: topic.draft }] : [],
  );
  const named = await updates.projectAnswer(ctx.userId, drafts, [peerId, ...shown.map((topic) => topic.from_id)]);
  const merge = <T extends { id: bigint }>(one: readonly T[], other: readonly T[]): T[] => [...new Map([...one, ...other].map((peer) => [peer.id, peer])).values()];
  return {
    _: 'messages.forumTopics',
    count,
    topics: [...projected, ...missing.map((id): tl.forumTopicDeleted => ({ _: 'forumTopicDeleted', id }))],
    messages,
    chats: merge(chats, named.chats),
    users: merge(users, named.users),
    pts,
  };
}

/** The newest messages of topics, as they are shown to somebody who has cleared the history: clients need one for each topic. */
async function listHidden(ctx: RpcContext, peerId: bigint, topics: readonly ListedTopic[]): Promise<tl.messageService[]> {
  if (topics.length === 0) return [];
  return (await ctx.domain.channels.findPosts(topics.map((topic) => ({ peerId, msgId: topic.top_msg_id })))).map(projectHiddenPost);
}

/** The pts of a forum. */
export async function findForumPts(ctx: RpcContext, { channelId }: ResolvedChannel): Promise<number> {
  return (await ctx.domain.channels.at(channelId).posts.findState(ctx.userId)).pts;
}
