import { RpcError, rpcError } from '@aerogram/errors';
import type { Tx } from '@aerogram/storage';

import { type ChannelMemberRow, type ChannelRow, checkRight, findChannelMembers, findChannelRows, isSeen, sightOf, standingIn, withComments } from '../chats/index.ts';
import { hasFlag, MessageFlag, type PostRow } from '../events/index.ts';
import { allowsReactions } from '../groups/index.ts';
import { groupBy } from '../shared/index.ts';
import { type ChannelIds, findComments, findKeptAuthor, findPosts } from '../channel-state/index.ts';
import { addTo, countsOf, saveChangedTotals } from './count-reactions.ts';
import { orderBotReactions, type ReactionsOfOne } from './tell-bots.ts';
import { changeReactions, type GivenReaction, listGivenBy, openTotals, type ReactedPost, type ReactionTotals, UNIQUE_REACTIONS_MAX } from './post-reaction-store.ts';

/** What somebody wants their reactions to a post to be. */
export interface ReactionWish {
  actorId: bigint;
  /** Known emoji, without duplicates; none takes the reactions back. */
  emoticons: readonly string[];
  big: boolean;
  /** See `ChangeScope.readId`. */
  readId: bigint | undefined;
}

/** The reactions to a post after a wish. */
export interface WishedReactions {
  post: PostRow;
  totals: ReactionTotals;
  /** What the actor has given, oldest first. */
  own: GivenReaction[];
  /** The emoji that the actor has added; undefined: nothing has changed. */
  added: readonly string[] | undefined;
}

/** A wish that may be fulfilled. */
interface Admitted {
  wish: ReactionWish;
  /** The group or channel that is shown instead of the actor, by marked id; null: none. */
  asId: bigint | null;
}

/**
 * Fulfils wishes of different people about one post, in the given transaction. The post's totals are locked, never the channel's counter, and nothing is added to
 * the channel's log. A wish that is fulfilled already changes nothing.
 * @param date in unix seconds
 * @returns for each wish, in the same order, the reactions after it or why it was refused: RpcError 400 MESSAGE_ID_INVALID, REACTION_INVALID, REACTIONS_TOO_MANY,
 * CHANNEL_INVALID, CHANNEL_PRIVATE, SEND_AS_PEER_INVALID, 403 CHAT_WRITE_FORBIDDEN, CHAT_GUEST_SEND_FORBIDDEN
 */
export async function giveReactions(tx: Tx, { channelId, peerId, msgId }: ChannelIds & ReactedPost, wishes: readonly ReactionWish[], date: number): Promise<(WishedReactions | RpcError)[]> {
  const [[row], members, posts] = await Promise.all([
    findChannelRows(tx, [channelId]),
    findChannelMembers(tx, wishes.map(({ actorId }) => ({ id: channelId, userId: actorId }))),
    findPosts(tx.q, channelId, [msgId]),
  ]);
  const post = posts.get(msgId);
  if (row === undefined) return wishes.map(() => rpcError('CHANNEL_INVALID'));
  const memberOf = new Map(members.map((member) => [member.user_id, member]));
  const checked = await Promise.all(wishes.map((wish) => refusalOr(() => admit(tx, { row, peerId, date, post, member: memberOf.get(wish.actorId) }, wish))));
  const admitted = checked.filter((one): one is Admitted => !(one instanceof RpcError));
  if (post === undefined || admitted.length === 0) return checked.map((one) => (one instanceof RpcError ? one : rpcError('MESSAGE_ID_INVALID')));
  const place = { channelId, msgId };
  const before = await openTotals(tx, place);
  if (before === undefined) return checked.map((one) => (one instanceof RpcError ? one : rpcError('MESSAGE_ID_INVALID')));
  const had = await listGivenBy(tx, place, admitted.map(({ wish }) => wish.actorId));
  const batch = new Batch(row, before, date, had);
  const changes = checked.map((one) => (one instanceof RpcError ? one : batch.add(one)));
  const totals = await batch.save(tx, { row, post });
  return checked.map((one, at) => {
    const added = changes[at];
    if (one instanceof RpcError || added instanceof RpcError) return added as RpcError;
    return { post, totals, own: batch.ownOf(one.wish.actorId), added };
  });
}

/** What decides whether somebody may react. */
interface Scene {
  row: ChannelRow;
  peerId: bigint;
  date: number;
  post: PostRow | undefined;
  member: ChannelMemberRow | undefined;
}

/** Checks a wish with rows that were read in this transaction. Throws the errors of {@link giveReactions}. */
async function admit(tx: Tx, { row, peerId, date, post, member }: Scene, wish: ReactionWish): Promise<Admitted> {
  const { actorId, emoticons, readId } = wish;
  const standing = withComments(standingIn(row, member, date), row, readId);
  if (standing.comments === undefined) checkRight(standing, 'view_messages');
  if (post === undefined || !isSeen(sightOf(row, member), post)) throw rpcError('MESSAGE_ID_INVALID');
  // Who is no member reacts only where they comment.
  if (standing.comments !== undefined && (await findComments(tx.q, row, new Map([[post.msg_id, post]]))).size === 0) throw rpcError('MESSAGE_ID_INVALID');
  checkRight(standing, 'send_reactions');
  if (hasFlag(post, MessageFlag.service)) throw rpcError('MESSAGE_ID_INVALID');
  if (!allowsReactions(row.available_reactions, emoticons)) throw rpcError('REACTION_INVALID');
  const authorId = await findKeptAuthor(tx, { userId: actorId, standing, row, peerId, nowDate: date }, member?.send_as ?? null);
  if (authorId === undefined) throw rpcError('SEND_AS_PEER_INVALID');
  // Nobody sees who reacts to the posts of a broadcast channel.
  return { wish, asId: row.kind === 'broadcast' || authorId === actorId ? null : authorId };
}

async function refusalOr<T>(run: () => Promise<T>): Promise<T | RpcError> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof RpcError) return error;
    throw error;
  }
}

/** The changes that several people make to the reactions to one post. */
class Batch {
  readonly given: GivenReaction[] = [];
  readonly taken: GivenReaction[] = [];
  readonly #changes: ReactionsOfOne[] = [];
  readonly #row: ChannelRow;
  readonly #before: ReactionTotals;
  readonly #date: number;
  readonly #had: Map<bigint, GivenReaction[]>;
  readonly #counts: Map<string, number>;
  #place: number;

  constructor(row: ChannelRow, before: ReactionTotals, date: number, had: readonly GivenReaction[]) {
    this.#row = row;
    this.#before = before;
    this.#date = date;
    this.#had = groupBy(had, (one) => one.user_id);
    this.#counts = countsOf(before);
    this.#place = before.place;
  }

  /** Adds what somebody wants. @returns the emoji that are new; undefined: nothing changes */
  add({ wish: { actorId, emoticons, big }, asId }: Admitted): string[] | undefined | RpcError {
    const had = this.ownOf(actorId);
    const taken = had.filter((one) => !emoticons.includes(one.emoticon));
    const added = emoticons.filter((emoticon) => !had.some((one) => one.emoticon === emoticon));
    if (taken.length === 0 && added.length === 0) return undefined;
    const counts = new Map(this.#counts);
    for (const { emoticon } of taken) addTo(counts, emoticon, -1);
    for (const emoticon of added) addTo(counts, emoticon, 1);
    if (counts.size > Math.max(this.#counts.size, this.#row.reactions_limit ?? UNIQUE_REACTIONS_MAX)) return rpcError('REACTIONS_TOO_MANY');
    this.#counts.clear();
    for (const [emoticon, count] of counts) this.#counts.set(emoticon, count);
    const { channel_id, msg_id } = this.#before;
    const given = added.map((emoticon): GivenReaction => ({ channel_id, msg_id, user_id: actorId, emoticon, as_id: asId, place: ++this.#place, date: this.#date, big }));
    this.given.push(...given);
    this.taken.push(...taken);
    const after = [...had.filter((one) => !taken.includes(one)), ...given];
    this.#had.set(actorId, after);
    this.#changes.push({ before: had, after });
    return added;
  }

  /** What somebody has given after the changes so far, oldest first. */
  ownOf(userId: bigint): GivenReaction[] {
    return this.#had.get(userId) ?? [];
  }

  /** Writes the changes. @returns the totals after them; those before, if nothing has changed */
  async save(tx: Tx, changed: { row: ChannelRow; post: PostRow }): Promise<ReactionTotals> {
    if (this.given.length === 0 && this.taken.length === 0) return this.#before;
    await changeReactions(tx, { channelId: changed.row.channel_id, msgId: changed.post.msg_id }, this);
    await orderBotReactions(tx, changed, this.#changes, this.#date);
    return saveChangedTotals(tx, this.#before, changed, this);
  }
}
