import { cutToBytes, given, hiddenUpTo, type MessageRow, PeerSet, type PostRow, projectMessage, projectPost, type ResolvedPeer, type ThreadPart } from '@aerogram/domain';
import type { RpcContext } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

import { answerPosts } from '../channels/answer-posts.ts';
import { accessPart } from './access-part.ts';
import { answerMessages } from './answer-messages.ts';
import { hashOfMessages } from '../hash-of-messages.ts';

/** Where a search in one dialog looks: in the caller's box, or in the messages of a channel. */
export interface SearchPlace {
  /** The caller, or the marked id of the channel. */
  ownerId: bigint;
  /** The dialog within the caller's box; undefined for a channel, and for all dialogs of the box. */
  peerId: bigint | undefined;
  /** The plain id of the channel. */
  channelId: bigint | undefined;
  /** The first id of the channel that the caller may see; 0 elsewhere. */
  startId: number;
  /** The topic or thread of the channel; undefined for all of it. */
  part?: ThreadPart | undefined;
}

/**
 * Returns where to search for the messages of a peer.
 * @param topId the topic or thread of a supergroup, if the request names one
 * @throws RpcError MSG_ID_INVALID for a topic or thread that does not exist, and as `accessInputPeer`
 */
export async function accessSearchPlace(ctx: RpcContext, input: tl.InputPeer, topId?: number): Promise<SearchPlace> {
  const peer = await ctx.domain.peers.accessInputPeerOrFormer(ctx.userId, input);
  return { ...placeOf(ctx, peer), part: await accessPart(ctx, peer, given(topId)) };
}

/** Returns where to search for the messages of a peer that the caller may use. */
export function placeOf(ctx: RpcContext, peer: ResolvedPeer): SearchPlace {
  if (peer.kind !== 'channel') return { ownerId: ctx.userId, peerId: peer.peerId, channelId: undefined, startId: 0 };
  return { ownerId: peer.peerId, peerId: undefined, channelId: peer.channelId, startId: hiddenUpTo(peer.row, peer.member) + 1 };
}

/** The lower bound for ids of matches, which is exclusive. @param minId of the request */
export function minIdIn({ startId }: SearchPlace, minId: number): number {
  return Math.max(minId, startId - 1);
}

/**
 * Loads messages found by a search, newest first, without deleted ones. Cuts the list to the size of an answer, keeping those next to the
 * offset.
 * @param offsetId of the request; 0 for the newest ones
 */
export async function listFound(ctx: RpcContext, { channelId }: SearchPlace, msgIds: readonly number[], offsetId: number): Promise<readonly MessageRow[]> {
  const { channels, messages } = ctx.domain;
  const found: ReadonlyMap<number, MessageRow> = channelId === undefined ? await messages.find(ctx.userId, msgIds) : await channels.at(channelId).posts.find(ctx.userId, msgIds);
  return cutToBytes(msgIds.flatMap((id) => found.get(id) ?? []), offsetId);
}

/** Messages that {@link listFound} has loaded. */
interface FoundMessages {
  rows: readonly MessageRow[];
  /** Number of all matches. */
  count: number;
  /** There are more matches than were counted. */
  inexact?: true | undefined;
  /** Hash of the client's copy; 0 if it has none. */
  hash?: bigint;
}

/** Answers with the messages that a search has found. */
export async function answerFound(ctx: RpcContext, place: SearchPlace, found: FoundMessages): Promise<tl.messages.Messages> {
  const answer = await answerExact(ctx, place, found);
  const hasFlag = answer._ === 'messages.messagesSlice' || answer._ === 'messages.channelMessages';
  return hasFlag ? { ...answer, inexact: found.inexact } : answer;
}

async function answerExact(ctx: RpcContext, { channelId }: SearchPlace, { rows, count, hash = 0n }: FoundMessages): Promise<tl.messages.Messages> {
  if (channelId === undefined) return answerMessages(ctx, rows, count, hash);
  if (hash !== 0n && hash === hashOfMessages(rows)) return { _: 'messages.messagesNotModified', count };
  const { pts } = await ctx.domain.channels.at(channelId).posts.findState(ctx.userId);
  // The cast is safe: all rows of a channel are posts.
  return answerPosts(ctx, rows as readonly PostRow[], { pts, count });
}

/** Projects messages of the caller's box and of channels, with the topics to which they belong and all peers that they name. */
export async function projectMixed(ctx: RpcContext, rows: readonly MessageRow[]): Promise<{ messages: tl.Message[]; topics: tl.ForumTopic[]; users: tl.User[]; chats: tl.Chat[] }> {
  const peers = new PeerSet();
  // Only messages of channels belong to somebody else than the caller.
  const isPost = (row: MessageRow): row is PostRow => row.owner_id !== ctx.userId;
  const posts = new Map((await ctx.domain.channels.markUnseen(ctx.userId, rows.filter(isPost))).map((row) => [`${row.owner_id}:${row.msg_id}`, row]));
  const messages = rows.map((row) => {
    const message = isPost(row) ? projectPost(posts.get(`${row.owner_id}:${row.msg_id}`)!, ctx.userId) : projectMessage(row);
    peers.addMessage(row);
    if (row.extra !== null) peers.addObject(message);
    return message;
  });
  const [topics] = await Promise.all([ctx.domain.channels.listTopicsOf(ctx.userId, rows.filter(isPost)), ctx.domain.messageFiller.fill(messages, ctx.userId, peers)]);
  for (const topic of topics) peers.addObject(topic);
  return { messages, topics, ...(await ctx.domain.projectPeers(ctx.userId, peers)) };
}
