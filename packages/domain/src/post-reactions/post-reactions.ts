import type { JobKind, Tx } from '@aerogram/storage';

import type { ChannelIds } from '../channel-state/index.ts';
import { openPostReactions, type PostReactionsDeps, type PostReactionsDoor } from './post-reactions-door.ts';
import { ReactionLines } from './reaction-lines.ts';
import { ReactionPushes, type ReactionPushesDeps } from './reaction-pushes.ts';
import { settleUnseenJob } from './settle-unseen.ts';
import { createTakeBackOrders } from './take-back-job.ts';
import { createBotCountsJob } from './tell-bots.ts';

/** The reactions to the messages of all supergroups and channels. */
export interface PostReactions extends AsyncDisposable {
  open(ids: ChannelIds, findReadId: PostReactionsDeps['findReadId']): PostReactionsDoor;
  /** Orders, in the transaction that ends an account, that all its reactions are taken back. */
  orderEnd(tx: Tx, userId: bigint): Promise<void>;
  /** Tells the devices that are online what they have not been told yet. Called by tests. */
  flush(): Promise<void>;
  readonly jobKinds: readonly JobKind[];
}

/** Creates the operations on reactions. Disposing tells what was not told yet. */
export function createPostReactions(deps: Omit<PostReactionsDeps, 'lines' | 'pushes' | 'findReadId' | 'takeBackOrders'> & ReactionPushesDeps): PostReactions {
  const pushes = new ReactionPushes(deps);
  const takeBackOrders = createTakeBackOrders({ db: deps.db, clock: deps.clock, pushes });
  const shared = { ...deps, pushes, takeBackOrders, lines: new ReactionLines(deps) };
  return {
    open: (ids, findReadId) => openPostReactions({ ...shared, findReadId }, ids),
    orderEnd: (tx, userId) => takeBackOrders.order(tx, userId, { userId }),
    flush: () => pushes.flush(),
    jobKinds: [takeBackOrders.jobKind, settleUnseenJob, createBotCountsJob(deps)],
    [Symbol.asyncDispose]: () => pushes[Symbol.asyncDispose](),
  };
}
