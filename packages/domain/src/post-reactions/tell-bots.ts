import { unmarkPeer } from '@aerogram/cluster';
import type { Clock } from '@aerogram/runtime';
import { defineJobKind, type JobKind, jsonCodec, type Tx } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import { findBotsOfChannel, orderBotEffects } from '../bot-events/index.ts';
import { type ChannelRow, findChannelMembers, isSeen, sightOf } from '../chats/index.ts';
import { channelIdsOf, findPosts } from '../channel-state/index.ts';
import type { PostRow } from '../events/index.ts';
import { groupBy } from '../shared/index.ts';
import { endBotNews, type GivenReaction, type ReactedPost, type ReactionTotals } from './post-reaction-store.ts';
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

/** A message whose reactions change. */
interface ToldPost {
  row: ChannelRow;
  post: PostRow;
}

/**
 * Orders, in the transaction that changes reactions in a supergroup, that the bots which are admins there and see the message are told who has given what. Of reactions that show
 * a group or channel in place of a person, they learn no more than others do. What bots give is not told. In broadcast channels nobody learns who has reacted, see
 * {@link orderBotCounts}. Groups without bots pay nothing for this.
 */
export async function orderBotReactions(tx: Tx, { row, post }: ToldPost, changes: readonly ReactionsOfOne[], date: number): Promise<void> {
  if (row.kind === 'broadcast' || row.bots === 0 || changes.length === 0) return;
  const { admins, changed: botsThatReact } = await findBotsOfChannel(tx, row.channel_id, [...new Set(changes.flatMap(({ before, after }) => [...before, ...after].map((one) => one.user_id)))]);
  if (admins.size === 0) return;
  const members = await findChannelMembers(tx, [...admins].map((userId) => ({ id: row.channel_id, userId })));
  const botIds = members.filter((member) => isSeen(sightOf(row, member), post)).map((member) => member.user_id);
  const updates = changes.flatMap((change) => updatesOf(post, change, { date, isBot: (userId) => botsThatReact.has(userId) }));
  await orderBotEffects(tx, updates.flatMap((update) => botIds.map((botId) => ({ botId, update }))));
}

/** One update for each identity under which the reactions of an account have changed. Pure. */
function updatesOf({ peer_id, msg_id }: PostRow, { before, after }: ReactionsOfOne, { date, isBot }: { date: number; isBot: (userId: bigint) => boolean }): tl.updateBotMessageReaction[] {
  const [old, now] = [before, after].map((given) => groupBy(given.filter((one) => !isBot(one.user_id)), identityOf)) as [Map<bigint, GivenReaction[]>, Map<bigint, GivenReaction[]>];
  return [...new Set([...old.keys(), ...now.keys()])].flatMap((shownId): tl.updateBotMessageReaction[] => {
    const [old_reactions, new_reactions] = [old.get(shownId) ?? [], now.get(shownId) ?? []].map((given) => given.map(({ emoticon }): tl.Reaction => ({ _: 'reactionEmoji', emoticon }))) as [tl.Reaction[], tl.Reaction[]];
    if (keyOf(old.get(shownId)) === keyOf(now.get(shownId))) return [];
    return [{ _: 'updateBotMessageReaction', peer: unmarkPeer(peer_id), msg_id, date, actor: unmarkPeer(shownId), old_reactions, new_reactions, qts: 0 }];
  });
}

/** Who is shown as the one who gave a reaction, by marked id. */
const identityOf = ({ user_id, as_id }: GivenReaction): bigint => as_id ?? user_id;

const keyOf = (given: readonly GivenReaction[] = []): string => JSON.stringify(given.map(({ emoticon }) => emoticon));

/**
 * Orders, in the transaction that changes the totals of a post of a broadcast channel, that the bots there are told of them, unless that is ordered already.
 * @returns whether it is ordered now; it belongs into the totals
 */
export async function orderBotCounts(tx: Tx, { row, post }: { row: Pick<ChannelRow, 'channel_id' | 'kind' | 'bots'>; post: Pick<PostRow, 'msg_id'> }, isOrdered: boolean): Promise<boolean> {
  if (isOrdered || row.kind !== 'broadcast' || row.bots === 0) return isOrdered;
  const { peerId, channelId } = channelIdsOf(row.channel_id);
  await tx.job({ kind: KIND, owner_id: peerId, payload: codec.encode({ channelId, msgId: post.msg_id }), delayMs: PAUSE_MS });
  return true;
}

/** Creates the job that tells the bots of a broadcast channel the totals of a post as they are then, once. */
export function createBotCountsJob({ clock }: { clock: Pick<Clock, 'now'> }): JobKind {
  return defineJobKind({
    kind: KIND,
    codec,
    async run(place, { db, done }) {
      await db.transact('tell-bots-of-reactions', async (tx) => {
        const totals = await endBotNews(tx, place);
        const [posts, { admins }] = await Promise.all([findPosts(tx.q, place.channelId, [place.msgId]), findBotsOfChannel(tx, place.channelId, [])]);
        const post = posts.get(place.msgId);
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
