import { isMarkedChat } from '@aerogram/cluster';
import type { JobKind, Tx } from '@aerogram/storage';

import { checkReactionsJob, dropReactionsJob, listUnreadAmong } from '../messages/index.ts';
import { groupBy } from '../shared/index.ts';
import type { FindReadId } from '../channel-posts/index.ts';
import type { BoxWriter } from '../events/index.ts';
import type { Acting, ChannelIds } from '../channel-state/index.ts';
import { createChannelScene } from './channel-scene.ts';
import { createGroupScene } from './group-scene.ts';
import { openPostReactions, type PostReactionsDeps, type PostReactionsDoor } from './post-reactions-door.ts';
import { ReactionLines } from './reaction-lines.ts';
import { ReactionPushes, type ReactionPushesDeps } from './reaction-pushes.ts';
import { settleUnseenAgain, settleUnseenJob, unseenAgainJob } from './settle-unseen.ts';
import { createTakeBackOrders } from './take-back-job.ts';
import { createBotCountsJob } from './tell-bots-of-reactions.ts';
import { createNoteUse } from './used-reactions.ts';

/** The reactions to the messages of all groups and channels. */
export interface PostReactions extends AsyncDisposable {
  /** Those of a supergroup or channel. */
  open(ids: ChannelIds, findReadId: FindReadId): PostReactionsDoor;
  /** Those of a basic group. @param peerId marked */
  openGroup(peerId: bigint): PostReactionsDoor;
  /** Marks the reactions to those of these messages of the actor's box as seen that are the actor's own and in basic groups. */
  doSeeInGroups(acting: Acting, msgIds: readonly number[]): Promise<void>;
  /** Marks all reactions to messages of a user in a basic group as seen, also those of which the user's account has not been told yet. @param peerId marked */
  doSeeAllInGroup(userId: bigint, peerId: bigint): Promise<void>;
  /** Orders, in the transaction that ends an account, that all its reactions are taken back. */
  orderEnd(tx: Tx, userId: bigint): Promise<void>;
  /** Tells the devices that are online what they have not been told yet. Called by tests. */
  flush(): Promise<void>;
  readonly jobKinds: readonly JobKind[];
}

/** Creates the operations on reactions. Disposing tells what was not told yet. */
export function createPostReactions(deps: Omit<PostReactionsDeps, 'lines' | 'pushes' | 'takeBackOrders' | 'noteUse'> & ReactionPushesDeps & Pick<BoxWriter, 'writeFoundBoxes'>): PostReactions {
  const { db, clock } = deps;
  const pushes = new ReactionPushes(deps);
  const takeBackOrders = createTakeBackOrders({ db, clock, pushes });
  const shared = { ...deps, pushes, takeBackOrders, lines: new ReactionLines(deps), noteUse: createNoteUse(deps) };
  const openGroup = (peerId: bigint): PostReactionsDoor => openPostReactions(shared, createGroupScene({ db, now: () => clock.now() }, peerId));
  return {
    open: (ids, findReadId) => openPostReactions(shared, createChannelScene({ db, clock, findReadId }, ids)),
    openGroup,
    async doSeeInGroups(acting, msgIds) {
      const unread = (await listUnreadAmong(db.q, 'unread_reactions', acting.actorId, msgIds)).filter((place) => isMarkedChat(place.peer_id));
      for (const [peerId, places] of groupBy(unread, (place) => place.peer_id)) await openGroup(peerId).doSeeOf(acting, places.map((place) => place.msg_id));
    },
    async doSeeAllInGroup(userId, peerId) {
      await settleUnseenAgain(db, userId, peerId);
      while ((await openGroup(peerId).doSee({ actorId: userId, origin: undefined })).offset > 0);
    },
    orderEnd: (tx, userId) => takeBackOrders.order(tx, userId, { userId }),
    flush: () => pushes.flush(),
    jobKinds: [takeBackOrders.jobKind, settleUnseenJob, unseenAgainJob, dropReactionsJob, checkReactionsJob, createBotCountsJob(deps)],
    [Symbol.asyncDispose]: () => pushes[Symbol.asyncDispose](),
  };
}
