import { type RpcError, rpcError } from '@aerogram/errors';
import type { Clock } from '@aerogram/runtime';
import type { Database } from '@aerogram/storage';

import { inBatches } from '../shared/index.ts';
import { giveReactions, type WishedReactions } from './give-reactions.ts';
import { keyOfPost } from './post-reaction-store.ts';
import type { ReactionScene, ReactionWish } from './reaction-scene.ts';

/** Maximum number of wishes that one transaction fulfils. What follows for all of them runs in one turn of the event loop, for which others wait. */
const TOGETHER_MAX = 32;
/** Maximum number of wishes that wait for one post; who comes later tries again. */
const WAITING_MAX = 20_000;

type Fulfilled = WishedReactions | RpcError;

/** One line a post. */
interface Line {
  submit(wish: ReactionWish): Promise<Fulfilled>;
  waiting: number;
}

/** Fulfils wishes about one post together: those that arrive while a transaction runs go into the next one. Different posts do not wait for each other. */
export class ReactionLines {
  readonly #db: Pick<Database, 'transact'>;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #lines = new Map<string, Line>();

  constructor({ db, clock }: { db: Pick<Database, 'transact'>; clock: Pick<Clock, 'now'> }) {
    this.#db = db;
    this.#clock = clock;
  }

  /** Fulfils a wish. @returns as {@link giveReactions}, and 420 FLOOD_WAIT if too many wait */
  async give(scene: ReactionScene, postId: bigint, wish: ReactionWish): Promise<Fulfilled> {
    const key = keyOfPost({ peerId: scene.peerId, postId });
    const line = this.#lines.get(key) ?? this.#open(scene, postId);
    this.#lines.set(key, line);
    if (line.waiting >= WAITING_MAX) return rpcError('FLOOD_WAIT_%d', 1);
    line.waiting++;
    try {
      return await line.submit(wish);
    } finally {
      line.waiting--;
      if (line.waiting === 0) this.#lines.delete(key);
    }
  }

  #open(scene: ReactionScene, postId: bigint): Line {
    const run = (wishes: readonly ReactionWish[]): Promise<Fulfilled[]> =>
      this.#db.transact('give-reactions', (tx) => giveReactions(tx, scene, { postId, wishes, date: this.#clock.now() }));
    const submit = inBatches<ReactionWish, Fulfilled>(async (wishes) => {
      const results = new Map<ReactionWish, Fulfilled>();
      for (const round of roundsOf(wishes)) for (const [at, result] of (await run(round)).entries()) results.set(round[at]!, result);
      return wishes.map((wish) => results.get(wish)!);
    }, TOGETHER_MAX);
    return { submit, waiting: 0 };
  }
}

/** Divides wishes so that nobody has two in one round; those of one person keep their order. Pure. */
function roundsOf(wishes: readonly ReactionWish[]): ReactionWish[][] {
  const rounds: ReactionWish[][] = [];
  const made = new Map<bigint, number>();
  for (const wish of wishes) {
    const round = made.get(wish.actorId) ?? 0;
    made.set(wish.actorId, round + 1);
    (rounds[round] ??= []).push(wish);
  }
  return rounds;
}
