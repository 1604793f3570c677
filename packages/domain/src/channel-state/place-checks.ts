import { markPeer } from '@aerogram/cluster';
import { type Database, defineJobKind, type JobKind, jsonCodec, type NewJob } from '@aerogram/storage';

import { type Acceptance, countLeft, listUnacceptedIn, replayPosts } from '../acceptance/index.ts';
import { findAcquainted } from '../moderation/index.ts';
import type { DomainDeps } from '../shared/index.ts';
import { listChargedPosts, planCheck } from './place-check-store.ts';

/**
 * Finds the members of channels whose places strangers have filled, and archives these places. Posting writes nothing for the members: `channel_heads.check_ordinal`
 * says at which message the first budget can be used up, and only the post that reaches that number orders a look at all of them.
 */
export interface PlaceChecks {
  order(channelId: bigint): NewJob;
  readonly jobKind: JobKind;
}

/** How many members are looked at together. */
const SLICE = 500;

/** Creates the looking at places in channels. */
export function createPlaceChecks({ db, clock, acceptance }: Pick<DomainDeps, 'clock'> & { db: Database; acceptance: Pick<Acceptance, 'doArchive'> }): PlaceChecks {
  /** @param archive called for each place that is full @returns the number of the message at which to look again; undefined if no place is left that could become full */
  const check = async (channelId: bigint, peerId: bigint, archive: (ownerId: bigint) => Promise<void>): Promise<number | undefined> => {
    const nowDate = clock.now();
    const charged = await listChargedPosts(db, channelId, nowDate);
    const posterIds = [...new Set(charged.posts.map((post) => post.poster_id))];
    let left: number | undefined;
    for (let afterId: bigint | undefined = 0n; afterId !== undefined; ) {
      const places = await listUnacceptedIn(db, peerId, afterId, SLICE);
      const acquainted = await findAcquainted(db, places.map((place) => place.owner_id), posterIds);
      for (const place of places) {
        const { fullDate, isOverdrawn } = replayPosts(place, charged, (posterId) => !acquainted.has(place.owner_id, posterId));
        if (isOverdrawn) await archive(place.owner_id);
        else left = Math.min(left ?? Infinity, countLeft(fullDate, nowDate));
      }
      afterId = places.length < SLICE ? undefined : places.at(-1)!.owner_id;
    }
    return left === undefined ? undefined : charged.ordinal + left + 1;
  };

  const jobKind = defineJobKind<{ channelId: bigint }>({
    kind: 'check-places',
    codec: jsonCodec(),
    // A place that was archived is not found again, so a retry goes on where the last run stopped.
    async run({ channelId }, { ownerId: peerId, signal }) {
      const archive = (ownerId: bigint): Promise<void> => {
        signal.throwIfAborted();
        return acceptance.doArchive(ownerId, peerId);
      };
      for (let isDue = true; isDue; ) {
        signal.throwIfAborted();
        const next = await check(channelId, peerId, archive);
        isDue = next !== undefined && (await db.transact('plan-place-check', (tx) => planCheck(tx, channelId, next))) >= next;
      }
    },
  });
  return { jobKind, order: (channelId) => jobKind.order(markPeer({ _: 'peerChannel', channel_id: channelId }), { channelId }) };
}
