import { RpcError, rpcError } from '@aerogram/errors';
import type { Database } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import type { Acceptance } from '../acceptance/index.ts';
import { type BoxWriter, hasFlag, MessageFlag, type PostRow, publishTransient } from '../events/index.ts';
import type { SendLimits } from '../moderation/index.ts';
import { saveUses } from '../messages/index.ts';
import type { DomainDeps } from '../shared/index.ts';
import { type Acting, type ChannelIds, findPosts, type ThreadPart } from '../channel-state/index.ts';
import { accessPosts, type FindReadId } from '../channel-posts/index.ts';
import type { ReactionLines } from './reaction-lines.ts';
import { findReactions, hasShown, keyOfPost, listReactionPage } from './post-reaction-store.ts';
import { projectGiven } from './project-post-reactions.ts';
import { type ReactionPushes, reactedPostOf, viewOfReactions } from './reaction-pushes.ts';
import { doSeeReactions, doSeeReactionsTo, type ReactionsSeen } from './see-reactions.ts';
import { checkTakingBack, takeBack } from './take-back.ts';
import type { TakeBackOrders } from './take-back-job.ts';

/** Somebody's reactions to a post. */
export interface PostReaction extends Acting {
  msgId: number;
  /** Known emoji, without duplicates; none takes the reactions back. */
  emoticons: readonly string[];
  big: boolean;
  addsToRecent: boolean;
}

/** A page of those who have reacted to a message. */
export interface ReactorPage {
  /** How many there are in all. */
  count: number;
  reactions: tl.messagePeerReaction[];
  /** The place after which the next page begins; undefined for the last page. */
  next: number | undefined;
}

/** Which reactors {@link PostReactionsDoor.listOf} lists. */
export interface ReactorQueryPage {
  /** Only those of this emoji. */
  emoticon: string | undefined;
  /** Where the page before ended. */
  after: number | undefined;
  limit: number;
}

/** Operations on the reactions to the messages of one channel. */
export interface PostReactionsDoor {
  /**
   * Sets the actor's reactions to a message. A repeat changes nothing and tells nobody.
   * @returns the update for the actor
   * @throws RpcError as `giveReactions`, and 420 FLOOD_WAIT
   */
  doReact(reaction: PostReaction): Promise<tl.updateMessageReactions>;
  /** Returns the reactions to messages. Those that do not exist or are hidden from the viewer are left out. Throws as {@link accessPosts}. */
  listUpdates(viewerId: bigint, msgIds: readonly number[]): Promise<tl.updateMessageReactions[]>;
  /**
   * Lists who reacted to a message of a supergroup, newest first.
   * @throws RpcError 400 MSG_ID_INVALID, 403 BROADCAST_FORBIDDEN, and as {@link accessPosts}
   */
  listOf(viewerId: bigint, msgId: number, query: ReactorQueryPage): Promise<ReactorPage>;
  /** Whether somebody, by marked id, is shown as one who has reacted to a message. Throws as {@link PostReactionsDoor.listOf}. */
  hasReacted(viewerId: bigint, msgId: number, shownId: bigint): Promise<boolean>;
  /** Marks the reactions to the actor's messages as seen, in the channel or a part of it; a slice in each call. */
  doSee(acting: Acting, part?: ThreadPart): Promise<Omit<ReactionsSeen, 'msgIds'>>;
  /** Marks the reactions to those of these messages that are the actor's as seen. */
  doSeeOf(acting: Acting, msgIds: readonly number[]): Promise<void>;
  /** Takes back, for an admin, what somebody is shown to have given to a message. @param shownId marked. @throws RpcError 400 MSG_ID_INVALID, and as {@link checkTakingBack} */
  doTakeBack(acting: Acting, msgId: number, shownId: bigint): Promise<tl.updateMessageReactions>;
  /** Orders to take back, for an admin, all that somebody is shown to have given. @param shownId marked. Throws as {@link checkTakingBack}. */
  doTakeBackAll(acting: Acting, shownId: bigint): Promise<void>;
}

/** The dependencies of the reactions to posts. */
export interface PostReactionsDeps extends Pick<DomainDeps, 'clock' | 'bus'>, Pick<BoxWriter, 'writeBoxes'> {
  db: Database;
  findReadId: FindReadId;
  sendLimits: Pick<SendLimits, 'checkChat'>;
  acceptance: Pick<Acceptance, 'doAccept'>;
  lines: ReactionLines;
  pushes: ReactionPushes;
  takeBackOrders: TakeBackOrders;
}

/** Creates the operations on the reactions to the messages of a channel whose rows are in this database. */
export function openPostReactions(deps: PostReactionsDeps, ids: ChannelIds): PostReactionsDoor {
  const { db, bus, clock, pushes } = deps;
  const { channelId, peerId } = ids;

  const viewOf = async (viewerId: bigint, rows: readonly PostRow[]): Promise<tl.updateMessageReactions[]> => {
    const found = await findReactions(db, rows.map(reactedPostOf), viewerId);
    return rows.map((row) => viewOfReactions(row, viewerId, found.get(keyOfPost(reactedPostOf(row)))));
  };

  /** Shows the user's devices which reactions are no longer unread. */
  const tellSeen = async (userId: bigint, msgIds: readonly number[]): Promise<void> => {
    if (msgIds.length === 0) return;
    const rows = await findPosts(db.q, channelId, msgIds);
    for (const update of await viewOf(userId, [...rows.values()])) publishTransient(bus, userId, update);
  };

  /** Notes at the actor's account which emoji were used. It only orders what apps offer, so that a crash before it does no harm. @param recent adds them to those that were used last */
  const noteUse = async (ownerId: bigint, added: readonly string[], recent: Pick<Acting, 'origin'> | undefined): Promise<void> => {
    if (added.length === 0) return;
    const usesAt = (recentDate: number | undefined) => added.map((emoticon) => ({ ownerId, emoticon, recentDate }));
    if (recent === undefined) return db.transact('note-used-reactions', (tx) => saveUses(tx, usesAt(undefined)));
    await deps.writeBoxes('note-recent-reactions', [ownerId], async (tx, boxes, date) => {
      await saveUses(tx, usesAt(date));
      boxes.addUpdate(ownerId, { ptsCount: 0, date, origin: recent.origin }, () => ({ _: 'updateRecentReactions' }));
    });
  };

  const accessOne = async (viewerId: bigint, msgId: number): Promise<PostRow> => {
    const { row, posts } = await accessPosts(deps, { viewerId, channelId }, [msgId]);
    if (row.kind === 'broadcast') throw rpcError('BROADCAST_FORBIDDEN');
    const post = posts.get(msgId);
    if (post === undefined) throw rpcError('MSG_ID_INVALID');
    return post;
  };

  return {
    async doReact({ actorId, origin, msgId, emoticons, big, addsToRecent }) {
      await deps.sendLimits.checkChat(actorId, peerId, 1);
      const readId = await deps.findReadId(actorId, channelId);
      const wished = await deps.lines.give(ids, msgId, { actorId, emoticons, big, readId });
      if (wished instanceof RpcError) throw wished;
      const { post, totals, own, added } = wished;
      const update = viewOfReactions(post, actorId, { totals, own });
      if (added !== undefined) {
        pushes.note({ channelId, msgId });
        publishTransient(bus, actorId, update);
        await noteUse(actorId, added, addsToRecent ? { origin } : undefined);
      }
      if (emoticons.length > 0) await deps.acceptance.doAccept(actorId, peerId);
      return update;
    },
    async listUpdates(viewerId, msgIds) {
      const { posts } = await accessPosts(deps, { viewerId, channelId }, msgIds);
      return viewOf(viewerId, [...posts.values()].filter((post) => !hasFlag(post, MessageFlag.service)));
    },
    async listOf(viewerId, msgId, { emoticon, after, limit }) {
      const post = await accessOne(viewerId, msgId);
      const { totals } = (await findReactions(db, [{ channelId, msgId }], undefined)).get(keyOfPost({ channelId, msgId })) ?? {};
      if (totals === undefined) return { count: 0, reactions: [], next: undefined };
      const emoticons = emoticon === undefined ? totals.emoticons : totals.emoticons.filter((one) => one === emoticon);
      const count = totals.emoticons.reduce((sum, one, at) => (emoticons.includes(one) ? sum + totals.counts[at]! : sum), 0);
      const rows = limit === 0 ? [] : await listReactionPage(db, { channelId, msgId }, { emoticons, before: after, limit: limit + 1 });
      const page = rows.slice(0, limit);
      const sight = { viewerId, isAuthor: post.poster_id === viewerId };
      return { count, reactions: page.map((row) => projectGiven(row, sight, totals.seen_place)), next: rows.length > limit ? page.at(-1)?.place : undefined };
    },
    async hasReacted(viewerId, msgId, shownId) {
      await accessOne(viewerId, msgId);
      return hasShown(db, { channelId, msgId }, shownId);
    },
    async doSee(acting, part) {
      const { msgIds, ...seen } = await doSeeReactions(db, ids, acting, part);
      await tellSeen(acting.actorId, msgIds);
      return seen;
    },
    async doSeeOf(acting, msgIds) {
      await tellSeen(acting.actorId, await doSeeReactionsTo(db, ids, acting, msgIds));
    },
    async doTakeBack({ actorId }, msgId, shownId) {
      const post = { channelId, msgId };
      const isChanged = await db.transact('take-reaction-back', async (tx) => {
        await checkTakingBack(tx, channelId, actorId, clock.now());
        const { posts } = await accessPosts({ db: tx, clock, findReadId: () => Promise.resolve(undefined) }, { viewerId: actorId, channelId }, [msgId]);
        if (!posts.has(msgId)) throw rpcError('MSG_ID_INVALID');
        return takeBack(tx, post, { channelId, shownId }, clock.now());
      });
      if (isChanged) pushes.note(post);
      return (await viewOf(actorId, [await accessOne(actorId, msgId)]))[0]!;
    },
    doTakeBackAll: ({ actorId }, shownId) =>
      db.transact('order-taking-back', async (tx) => {
        await checkTakingBack(tx, channelId, actorId, clock.now());
        await deps.takeBackOrders.order(tx, peerId, { channelId, shownId });
      }),
  };
}
