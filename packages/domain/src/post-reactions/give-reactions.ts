import { RpcError, rpcError } from '@aerogram/errors';
import type { Tx } from '@aerogram/storage';

import { UNIQUE_REACTIONS_MAX } from '../groups/index.ts';
import { groupBy } from '../shared/index.ts';
import { addTo, countsOf, saveChangedTotals } from './count-reactions.ts';
import { changeReactions, type GivenReaction, listGivenBy, lockTotals, postOf, type ReactionTotals } from './post-reaction-store.ts';
import type { AdmittedWish, ReactionScene, ReactionWish, SeenPost } from './reaction-scene.ts';
import { orderReactionNews, type ReactionsOfOne, type ToldPost } from './tell-bots-of-reactions.ts';

/** The reactions to a message after a wish. */
export interface WishedReactions {
  seen: SeenPost;
  totals: ReactionTotals;
  /** What the actor has given, oldest first. */
  own: GivenReaction[];
  /** The keys of the reactions that the actor has added; undefined: nothing has changed. */
  added: readonly string[] | undefined;
}

/** Wishes of different people about one message. */
export interface PostWishes {
  postId: bigint;
  wishes: readonly ReactionWish[];
  /** In unix seconds. */
  date: number;
}

/**
 * Fulfils wishes about one message, in the given transaction. The message's totals are locked, never the counter of the group or channel, and nothing is added to its
 * log. A wish that is fulfilled already changes nothing.
 * @returns for each wish, in the same order, the reactions after it or why it was refused: RpcError 400 MESSAGE_ID_INVALID, REACTION_INVALID, REACTIONS_TOO_MANY,
 * CHANNEL_INVALID, CHANNEL_PRIVATE, SEND_AS_PEER_INVALID, 403 CHAT_WRITE_FORBIDDEN, CHAT_GUEST_SEND_FORBIDDEN
 */
export async function giveReactions(tx: Tx, scene: ReactionScene, { postId, wishes, date }: PostWishes): Promise<(WishedReactions | RpcError)[]> {
  const { checked, limit, told, begin } = await scene.admit(tx, postId, wishes, date);
  const admitted = checked.filter((one): one is AdmittedWish => !(one instanceof RpcError));
  if (admitted.length === 0) return checked as RpcError[];
  const post = { peerId: scene.peerId, postId };
  let before = await lockTotals(tx, post);
  if (before === undefined) {
    await begin();
    before = await lockTotals(tx, post);
  }
  if (before === undefined) return checked.map((one) => (one instanceof RpcError ? one : rpcError('MESSAGE_ID_INVALID')));
  const had = await listGivenBy(tx, post, admitted.map(({ wish }) => wish.actorId));
  const batch = new Batch(limit, before, date, had);
  const changes = checked.map((one) => (one instanceof RpcError ? one : batch.add(one)));
  const totals = await batch.save(tx, told);
  return checked.map((one, at) => {
    const added = changes[at];
    if (one instanceof RpcError || added instanceof RpcError) return added as RpcError;
    return { seen: one.seen, totals, own: batch.ownOf(one.wish.actorId), added };
  });
}

/** The changes that several people make to the reactions to one post. */
class Batch {
  readonly given: GivenReaction[] = [];
  readonly taken: GivenReaction[] = [];
  readonly #changes: ReactionsOfOne[] = [];
  readonly #limit: number | null;
  readonly #before: ReactionTotals;
  readonly #date: number;
  readonly #had: Map<bigint, GivenReaction[]>;
  readonly #counts: Map<string, number>;
  #place: number;

  constructor(limit: number | null, before: ReactionTotals, date: number, had: readonly GivenReaction[]) {
    this.#limit = limit;
    this.#before = before;
    this.#date = date;
    this.#had = groupBy(had, (one) => one.user_id);
    this.#counts = countsOf(before);
    this.#place = before.place;
  }

  /** Adds what somebody wants. @returns the keys of those that are new; undefined: nothing changes */
  add({ wish: { actorId, emoticons, big }, asId }: AdmittedWish): string[] | undefined | RpcError {
    const had = this.ownOf(actorId);
    const taken = had.filter((one) => !emoticons.includes(one.emoticon));
    const added = emoticons.filter((emoticon) => !had.some((one) => one.emoticon === emoticon));
    if (taken.length === 0 && added.length === 0) return undefined;
    const counts = new Map(this.#counts);
    for (const { emoticon } of taken) addTo(counts, emoticon, -1);
    for (const emoticon of added) addTo(counts, emoticon, 1);
    if (counts.size > Math.max(this.#counts.size, this.#limit ?? UNIQUE_REACTIONS_MAX)) return rpcError('REACTIONS_TOO_MANY');
    this.#counts.clear();
    for (const [emoticon, count] of counts) this.#counts.set(emoticon, count);
    const { peer_id, post_id } = this.#before;
    const given = added.map((emoticon): GivenReaction => ({ peer_id, post_id, user_id: actorId, emoticon, as_id: asId, place: ++this.#place, date: this.#date, big }));
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
  async save(tx: Tx, told: ToldPost | undefined): Promise<ReactionTotals> {
    if (this.given.length === 0 && this.taken.length === 0) return this.#before;
    await changeReactions(tx, postOf(this.#before), this);
    return saveChangedTotals(tx, await orderReactionNews(tx, this.#before, told, { changes: this.#changes, date: this.#date }), this);
  }
}
