import { markPeer } from '@aerogram/cluster';
import { RpcError, rpcError } from '@aerogram/errors';
import type { Database } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import type { Acceptance } from '../acceptance/index.ts';
import { keyOfReaction } from '../documents/index.ts';
import { publishTransient } from '../events/index.ts';
import type { SendLimits } from '../moderation/index.ts';
import { projectReactions } from '../messages/index.ts';
import type { DomainDeps } from '../shared/index.ts';
import type { Acting, ThreadPart } from '../channel-state/index.ts';
import type { ReactionLines } from './reaction-lines.ts';
import { findReactions, hasShown, keyOfPost, listReactionPage } from './post-reaction-store.ts';
import { projectGiven } from './project-post-reactions.ts';
import { type ReactionPushes, viewOfReactions } from './reaction-pushes.ts';
import type { ReactionScene, SeenPost } from './reaction-scene.ts';
import { doSeeReactions, doSeeReactionsTo, type ReactionsSeen } from './see-reactions.ts';
import { takeBack } from './take-back.ts';
import type { TakeBackOrders } from './take-back-job.ts';
import type { createNoteUse } from './used-reactions.ts';

/** Somebody's reactions to a post. */
export interface PostReaction extends Acting {
  msgId: number;
  /** Keys of reactions that the server has, without duplicates; none takes the reactions back. */
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
  /** Only those with this key. */
  emoticon: string | undefined;
  /** Where the page before ended. */
  after: number | undefined;
  limit: number;
}

/** Operations on the reactions to the messages of one group or channel. */
export interface PostReactionsDoor {
  /**
   * Sets the actor's reactions to a message. A repeat changes nothing and tells nobody.
   * @returns the update for the actor
   * @throws RpcError as `giveReactions`, and 420 FLOOD_WAIT
   */
  doReact(reaction: PostReaction): Promise<tl.updateMessageReactions>;
  /** Returns the reactions to messages. Those that do not exist or are hidden from the viewer are left out. Throws as `ReactionScene.access`. */
  listUpdates(viewerId: bigint, msgIds: readonly number[]): Promise<tl.updateMessageReactions[]>;
  /**
   * Lists who reacted to a message of a group, newest first.
   * @throws RpcError 400 MSG_ID_INVALID, 403 BROADCAST_FORBIDDEN, and as `ReactionScene.access`
   */
  listOf(viewerId: bigint, msgId: number, query: ReactorQueryPage): Promise<ReactorPage>;
  /** Whether somebody, by marked id, is shown as one who has reacted to a message. Throws as {@link PostReactionsDoor.listOf}. */
  hasReacted(viewerId: bigint, msgId: number, shownId: bigint): Promise<boolean>;
  /** Marks the reactions to the actor's messages as seen, in the group or a part of it; a slice in each call. */
  doSee(acting: Acting, part?: ThreadPart): Promise<Pick<ReactionsSeen, 'offset'>>;
  /** Marks the reactions to those of these messages that are the actor's as seen. */
  doSeeOf(acting: Acting, msgIds: readonly number[]): Promise<void>;
  /** How many messages of a user have reactions that the user has not seen. */
  countUnseen(userId: bigint, part?: ThreadPart): Promise<number>;
  /** Takes back, for an admin, what somebody is shown to have given to a message. @param shownId marked. @throws RpcError 400 MSG_ID_INVALID, and as `ReactionScene.checkTakingBack` */
  doTakeBack(acting: Acting, msgId: number, shownId: bigint): Promise<tl.updateMessageReactions>;
  /** Orders to take back, for an admin, all that somebody is shown to have given. @param shownId marked. Throws as `ReactionScene.checkTakingBack`. */
  doTakeBackAll(acting: Acting, shownId: bigint): Promise<void>;
}

/** The dependencies of the reactions to posts. */
export interface PostReactionsDeps extends Pick<DomainDeps, 'clock' | 'bus'> {
  db: Database;
  sendLimits: Pick<SendLimits, 'checkChat'>;
  acceptance: Pick<Acceptance, 'doAccept'>;
  lines: ReactionLines;
  pushes: ReactionPushes;
  takeBackOrders: TakeBackOrders;
  noteUse: ReturnType<typeof createNoteUse>;
}

/** Creates the operations on the reactions to the messages of a group or channel. */
export function openPostReactions(deps: PostReactionsDeps, scene: ReactionScene): PostReactionsDoor {
  const { db, bus, clock, pushes } = deps;
  const { peerId } = scene;

  const viewOf = async (viewerId: bigint, posts: readonly SeenPost[]): Promise<tl.updateMessageReactions[]> => {
    const found = await findReactions(db, posts.map(({ post }) => post), viewerId);
    return posts.map((seen) => viewOfReactions(seen, viewerId, found.get(keyOfPost(seen.post))));
  };

  /** Shows the user's devices which reactions are no longer unread. */
  const tellSeen = async (userId: bigint, msgIds: readonly number[]): Promise<void> => {
    if (msgIds.length === 0) return;
    for (const update of await viewOf(userId, await scene.find(userId, msgIds))) publishTransient(bus, userId, update);
  };

  const accessOne = async (viewerId: bigint, msgId: number): Promise<SeenPost> => {
    const [seen] = await scene.access(viewerId, [msgId]);
    if (seen === undefined) throw rpcError('MSG_ID_INVALID');
    if (seen.isBroadcast) throw rpcError('BROADCAST_FORBIDDEN');
    return seen;
  };

  return {
    async doReact({ actorId, origin, msgId, emoticons, big, addsToRecent }) {
      await deps.sendLimits.checkChat(actorId, peerId, 1);
      const [readId, postId] = await Promise.all([scene.findReadId(actorId), scene.accessPostId(actorId, msgId)]);
      const wished = await deps.lines.give(scene, postId, { actorId, emoticons, big, readId });
      if (wished instanceof RpcError) throw wished;
      const { seen, totals, own, added } = wished;
      const update = viewOfReactions(seen, actorId, { totals, own });
      if (added !== undefined) {
        pushes.note(seen.post);
        publishTransient(bus, actorId, update);
        if (added.length > 0) await deps.noteUse({ ownerId: actorId, emoticons: added, isRecent: addsToRecent, origin });
      }
      if (emoticons.length > 0) await deps.acceptance.doAccept(actorId, peerId);
      return update;
    },
    async listUpdates(viewerId, msgIds) {
      return viewOf(viewerId, (await scene.access(viewerId, msgIds)).filter((seen) => !seen.isService));
    },
    async listOf(viewerId, msgId, { emoticon, after, limit }) {
      const { post, isAuthor, earlier = [] } = await accessOne(viewerId, msgId);
      const { totals } = (await findReactions(db, [post], undefined)).get(keyOfPost(post)) ?? {};
      if (totals === undefined) return pageOf(projectReactions(viewerId, earlier, false).recent_reactions ?? [], { emoticon, limit });
      const emoticons = emoticon === undefined ? totals.emoticons : totals.emoticons.filter((one) => one === emoticon);
      const count = totals.emoticons.reduce((sum, one, at) => (emoticons.includes(one) ? sum + totals.counts[at]! : sum), 0);
      const rows = limit === 0 ? [] : await listReactionPage(db, post, { emoticons, before: after, limit: limit + 1 });
      const page = rows.slice(0, limit);
      return { count, reactions: page.map((row) => projectGiven(row, { viewerId, isAuthor }, totals.seen_place)), next: rows.length > limit ? page.at(-1)?.place : undefined };
    },
    async hasReacted(viewerId, msgId, shownId) {
      const { post, earlier = [] } = await accessOne(viewerId, msgId);
      return (await hasShown(db, post, shownId)) || ((await findReactions(db, [post], undefined)).size === 0 && earlier.some((one) => markPeer(one.peer_id) === shownId));
    },
    async doSee({ actorId }, part) {
      const { msgIds, offset } = await doSeeReactions(db, scene, actorId, part);
      await tellSeen(actorId, msgIds);
      return { offset };
    },
    async doSeeOf({ actorId }, msgIds) {
      await tellSeen(actorId, await doSeeReactionsTo(db, scene, actorId, msgIds));
    },
    countUnseen: (userId, part) => scene.countUnseen(userId, part),
    async doTakeBack({ actorId }, msgId, shownId) {
      const [seen] = await scene.access(actorId, [msgId]);
      if (seen === undefined) throw rpcError('MSG_ID_INVALID');
      const { post } = seen;
      const isChanged = await db.transact('take-reaction-back', async (tx) => {
        await scene.checkTakingBack(tx, actorId, clock.now());
        await scene.carryOver(tx, actorId, [post.postId]);
        return takeBack(tx, post, { peerId, shownId }, clock.now());
      });
      if (isChanged) pushes.note(post);
      return (await viewOf(actorId, [await accessOne(actorId, msgId)]))[0]!;
    },
    doTakeBackAll: ({ actorId }, shownId) =>
      db.transact('order-taking-back', async (tx) => {
        await scene.checkTakingBack(tx, actorId, clock.now());
        await deps.takeBackOrders.order(tx, peerId, { peerId, shownId });
      }),
  };
}

/** The page of those who reacted to a message before reactions were rows; there are few. Pure. */
function pageOf(all: readonly tl.messagePeerReaction[], { emoticon, limit }: Pick<ReactorQueryPage, 'emoticon' | 'limit'>): ReactorPage {
  const listed = emoticon === undefined ? all : all.filter(({ reaction }) => keyOfReaction(reaction) === emoticon);
  return { count: listed.length, reactions: listed.slice(0, limit), next: undefined };
}
