import { isMarkedChat, unmarkPeer } from '@aerogram/cluster';
import type { Clock } from '@aerogram/runtime';
import { defineJobKind, type JobKind, jsonCodec, type Tx } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import { findBotsOfChannel, orderBotEffects, selectBots } from '../bot-events/index.ts';
import { type ChannelRow, type ChatRow, findChannelMembers, findChannelRows, findChatRows, isSeen, listMembers, sightOf } from '../chats/index.ts';
import { findPosts } from '../channel-state/index.ts';
import { reactionOfKey } from '../documents/index.ts';
import { channelIdOf, type MessageRow, type PostRow } from '../events/index.ts';
import { chatIdOf, findCopies } from '../messages/index.ts';
import { groupBy } from '../shared/index.ts';
import { type GivenReaction, type ReactedPost, type ReactionTotals, takeBotNews } from './post-reaction-store.ts';
import { projectPostReactions } from './project-post-reactions.ts';

/** The bots of a broadcast channel are told of the totals of one post at most so often, in milliseconds. */
const PAUSE_MS = 1000;

const KIND = 'tell-bots-of-reactions';
const codec = jsonCodec<ReactedPost>();

/** What one account has given to a post, before and after a change. */
export interface ReactionsOfOne {
  before: readonly GivenReaction[];
  after: readonly GivenReaction[];
}

/** A message whose reactions change: one of a supergroup or channel, or one of a basic group, of which each member has a copy. */
export type ToldPost = { row: ChannelRow; post: PostRow } | { chat: ChatRow; postId: bigint };

/** Changes of the reactions to one message. */
interface BotNews {
  changes: readonly ReactionsOfOne[];
  /** In unix seconds. */
  date: number;
}

/** Finds a message whose reactions change. @returns undefined if it or its chat is gone */
export async function findToldPost(tx: Tx, { peerId, postId }: ReactedPost): Promise<ToldPost | undefined> {
  if (isMarkedChat(peerId)) {
    const [chat] = await findChatRows(tx, [chatIdOf(peerId)]);
    return chat && { chat, postId };
  }
  const channelId = channelIdOf(peerId);
  const [[row], posts] = await Promise.all([findChannelRows(tx, [channelId]), findPosts(tx.q, channelId, [Number(postId)])]);
  const post = posts.get(Number(postId));
  return row && post && { row, post };
}

/**
 * Orders, in the transaction that changes the reactions to a message, that bots are told. In groups the bots that are admins there and see the message learn who has given what;
 * of reactions that show a group or channel in place of a person, they learn no more than others do. What bots give is not told. In broadcast channels nobody learns who has
 * reacted: the bots there are told the totals by a job. Groups and channels without bots pay nothing for this.
 * @param before the totals before the change
 * @returns these totals, with what is ordered
 */
export async function orderReactionNews(tx: Tx, before: ReactionTotals, told: ToldPost | undefined, news: BotNews): Promise<ReactionTotals> {
  if (told === undefined || news.changes.length === 0) return before;
  if (('chat' in told ? told.chat : told.row).bots === 0) return before;
  if ('chat' in told) await orderInGroup(tx, told, news);
  else if (told.row.kind !== 'broadcast') await orderInSupergroup(tx, told, news);
  else return { ...before, bot_news: before.bot_news || (await orderCounts(tx, before)) };
  return before;
}

async function orderInSupergroup(tx: Tx, { row, post }: { row: ChannelRow; post: PostRow }, { changes, date }: BotNews): Promise<void> {
  const { admins, changed: botsThatReact } = await findBotsOfChannel(tx, row.channel_id, actorsOf(changes));
  if (admins.size === 0) return;
  const members = await findChannelMembers(tx, [...admins].map((userId) => ({ id: row.channel_id, userId })));
  const botIds = members.filter((member) => isSeen(sightOf(row, member), post)).map((member) => member.user_id);
  const updates = changes.flatMap((change) => updatesOf(post, change, { date, isBot: (userId) => botsThatReact.has(userId) }));
  await orderBotEffects(tx, updates.flatMap((update) => botIds.map((botId) => ({ botId, update }))));
}

async function orderInGroup(tx: Tx, { chat, postId }: { chat: ChatRow; postId: bigint }, { changes, date }: BotNews): Promise<void> {
  const admins = (await listMembers(tx, chat.chat_id)).filter((member) => member.all_from !== null && member.role !== 'member').map((member) => member.user_id);
  const copies = await findCopies(tx.q, admins, [postId]);
  if (copies.length === 0) return;
  // Looked up among all users, because a bot that reacted may have left the group.
  const botsThatReact = new Set(await selectBots(tx, actorsOf(changes)));
  const updatesFor = (copy: MessageRow): tl.updateBotMessageReaction[] => changes.flatMap((change) => updatesOf(copy, change, { date, isBot: (userId) => botsThatReact.has(userId) }));
  await orderBotEffects(tx, copies.flatMap((copy) => updatesFor(copy).map((update) => ({ botId: copy.owner_id, update }))));
}

const actorsOf = (changes: readonly ReactionsOfOne[]): bigint[] => [...new Set(changes.flatMap(({ before, after }) => [...before, ...after].map((one) => one.user_id)))];

/** One update for each identity under which the reactions of an account have changed. Pure. */
function updatesOf({ peer_id, msg_id }: Pick<PostRow, 'peer_id' | 'msg_id'>, { before, after }: ReactionsOfOne, { date, isBot }: { date: number; isBot: (userId: bigint) => boolean }): tl.updateBotMessageReaction[] {
  const [old, now] = [before, after].map((given) => groupBy(given.filter((one) => !isBot(one.user_id)), identityOf)) as [Map<bigint, GivenReaction[]>, Map<bigint, GivenReaction[]>];
  return [...new Set([...old.keys(), ...now.keys()])].flatMap((shownId): tl.updateBotMessageReaction[] => {
    const [old_reactions, new_reactions] = [old.get(shownId) ?? [], now.get(shownId) ?? []].map((given) => given.map(({ emoticon }): tl.Reaction => reactionOfKey(emoticon))) as [tl.Reaction[], tl.Reaction[]];
    if (keyOf(old.get(shownId)) === keyOf(now.get(shownId))) return [];
    return [{ _: 'updateBotMessageReaction', peer: unmarkPeer(peer_id), msg_id, date, actor: unmarkPeer(shownId), old_reactions, new_reactions, qts: 0 }];
  });
}

/** Who is shown as the one who gave a reaction, by marked id. */
const identityOf = ({ user_id, as_id }: GivenReaction): bigint => as_id ?? user_id;

const keyOf = (given: readonly GivenReaction[] = []): string => JSON.stringify(given.map(({ emoticon }) => emoticon));

/** Orders that the bots of a broadcast channel are told the totals of a post. */
async function orderCounts(tx: Tx, { peer_id: peerId, post_id: postId }: ReactionTotals): Promise<true> {
  await tx.job({ kind: KIND, owner_id: peerId, payload: codec.encode({ peerId, postId }), delayMs: PAUSE_MS });
  return true;
}

/** Creates the job that tells the bots of a broadcast channel the totals of a post as they are then, once. */
export function createBotCountsJob({ clock }: { clock: Pick<Clock, 'now'> }): JobKind {
  return defineJobKind({
    kind: KIND,
    codec,
    // If it gave up, the note would stay, and nobody would be told of the post again.
    maxAttempts: Number.POSITIVE_INFINITY,
    async run(place, { db, done }) {
      await db.transact('tell-bots-of-reactions', async (tx) => {
        const totals = await takeBotNews(tx, place);
        const channelId = channelIdOf(place.peerId);
        const [posts, { admins }] = await Promise.all([findPosts(tx.q, channelId, [Number(place.postId)]), findBotsOfChannel(tx, channelId, [])]);
        const post = posts.get(Number(place.postId));
        if (totals !== undefined && post !== undefined) await orderBotEffects(tx, Array.from(admins, (botId) => ({ botId, update: projectCounts(post, totals, clock.now()) })));
        await done(tx);
      });
    },
  });
}

function projectCounts({ peer_id, msg_id }: PostRow, totals: ReactionTotals, date: number): tl.updateBotMessageReactions {
  const { results: reactions } = projectPostReactions(totals, [], { viewerId: undefined, isBroadcast: true, isAuthor: false });
  return { _: 'updateBotMessageReactions', peer: unmarkPeer(peer_id), msg_id, date, reactions, qts: 0 };
}
