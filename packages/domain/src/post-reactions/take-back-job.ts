import type { Clock } from '@aerogram/runtime';
import { type Database, defineJobKind, type JobKind, jsonCodec, type Tx } from '@aerogram/storage';

import { listReactedPosts, type ReactorQuery } from './post-reaction-store.ts';
import type { ReactionPushes } from './reaction-pushes.ts';
import { takeBack } from './take-back.ts';

/** Maximum number of reactions looked up at once. */
const SLICE = 100;

/** How all reactions of somebody are taken back. */
export interface TakeBackOrders {
  /** Orders it in a transaction. @param ownerId whose job it is: the account, or the marked id of the channel */
  order(tx: Tx, ownerId: bigint, reactor: ReactorQuery): Promise<void>;
  readonly jobKind: JobKind;
}

/** Creates the job, which takes back the reactions to one post in each transaction. Safe to repeat. */
export function createTakeBackOrders({ db, clock, pushes }: { db: Database; clock: Pick<Clock, 'now'>; pushes: Pick<ReactionPushes, 'note'> }): TakeBackOrders {
  const jobKind = defineJobKind<{ reactor: ReactorQuery }>({
    kind: 'take-reactions-back',
    codec: jsonCodec(),
    async run({ reactor }, { signal }) {
      for (let posts = await listReactedPosts(db, reactor, SLICE); posts.length > 0; posts = await listReactedPosts(db, reactor, SLICE)) {
        for (const post of posts) {
          signal.throwIfAborted();
          if (await db.transact('take-reactions-back', (tx) => takeBack(tx, post, reactor, clock.now()))) pushes.note(post);
        }
      }
    },
  });
  return { jobKind, order: (tx, ownerId, reactor) => tx.job(jobKind.order(ownerId, { reactor })) };
}
