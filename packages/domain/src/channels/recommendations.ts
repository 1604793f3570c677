import { markPeer } from '@aerogram/cluster';
import { type Database, defineRecurringJob, type JobKind } from '@aerogram/storage';

import { type Chats, isChatRow, mayDo, standingIn } from '../chats/index.ts';
import { listFollowedChannels } from '../dialogs/index.ts';
import { channelIdOf } from '../events/index.ts';
import type { DomainDeps } from '../shared/index.ts';
import { countFollowedBy, findPublicMembers, isPublic, listDueChannels, listNewestMembers, listSimilar, saveSimilar, type SimilarChannel } from '../channel-state/index.ts';

/** Maximum number of channels in one recommendation, as the app config tells clients. */
export const RECOMMENDED_MAX = 50;
/**
 * Channels that share fewer members than this are not similar, so that a recommendation does not tell what a single member follows. Only counts
 * are stored, never who was counted.
 */
const SHARED_MIN = 5;
/** Only so many members of a channel, the newest, are asked which channels they follow. */
const MEMBERS_MAX = 1000;
/** Only so many channels of a member are counted. */
const FOLLOWED_MAX = 100;
/** How many members' lists of chats one statement reads. */
const MEMBERS_SLICE = 100;
/** How many of the channels that share the most members are compared. */
const CANDIDATES_MAX = 500;

const EVERY_MS = 3_600_000;
/** Maximum number of channels per run, so that a run ends in bounded time. Further ones come next. */
const CHANNELS_PER_RUN = 200;

const DAY_S = 86_400;
/** Maximum number of a user's own channels on which a recommendation is based. */
const BASE_MAX = 500;

/** Recommends public broadcast channels that share members with others. */
export interface Recommendations {
  /**
   * Lists public channels that the viewer could join.
   * @param channelId channels similar to this one; undefined: similar to those that the viewer is in
   * @returns marked ids, best first
   */
  list(viewerId: bigint, channelId: bigint | undefined): Promise<bigint[]>;
  readonly jobKind: JobKind;
}

/** The dependencies of {@link createRecommendations}. */
export interface RecommendationsDeps extends Pick<DomainDeps, 'clock'> {
  db: Database;
  chats: Pick<Chats, 'findRows' | 'findMember'>;
}

/** Creates the recommendations. The job computes the similar channels of each public channel once a day. */
export function createRecommendations({ db, chats, clock }: RecommendationsDeps): Recommendations {
  return {
    async list(viewerId, channelId) {
      const base = channelId === undefined ? (await listFollowedChannels(db, viewerId, BASE_MAX)).map(({ peerId }) => channelIdOf(peerId)) : [channelId];
      // More than are returned, because the viewer may be in some of them.
      const peerIds = (await listSimilar(db, base, RECOMMENDED_MAX + BASE_MAX)).map((id) => markPeer({ _: 'peerChannel', channel_id: id }));
      const rows = await chats.findRows(peerIds);
      const open = peerIds.filter((peerId) => {
        const row = rows.get(peerId);
        return row !== undefined && !isChatRow(row) && isPublic(row);
      });
      const members = await Promise.all(open.map((peerId) => chats.findMember(peerId, viewerId)));
      const fits = open.filter((peerId, at) => {
        const standing = standingIn(rows.get(peerId)!, members[at], clock.now());
        return standing.status !== 'member' && mayDo(standing, 'view_messages');
      });
      return fits.slice(0, RECOMMENDED_MAX);
    },
    jobKind: defineRecurringJob({
      kind: 'find-similar-channels',
      everyMs: EVERY_MS,
      async run({ signal }) {
        for (const channelId of await listDueChannels(db, clock.now() - DAY_S, CHANNELS_PER_RUN)) {
          signal.throwIfAborted();
          const similar = await findSimilar(db, channelId);
          await db.transact('save-similar-channels', (tx) => saveSimilar(tx, channelId, similar, clock.now()));
        }
      },
    }),
  };
}

/** Finds the public channels that share the most members with one, in relation to their size. */
async function findSimilar(db: Database, channelId: bigint): Promise<SimilarChannel[]> {
  const userIds = await listNewestMembers(db, channelId, MEMBERS_MAX);
  const shared = new Map<bigint, number>();
  for (let at = 0; at < userIds.length; at += MEMBERS_SLICE) {
    for (const one of await countFollowedBy(db, userIds.slice(at, at + MEMBERS_SLICE), FOLLOWED_MAX)) {
      shared.set(one.channelId, (shared.get(one.channelId) ?? 0) + one.shared);
    }
  }
  shared.delete(channelId);
  const candidates = [...shared]
    .filter(([, count]) => count >= SHARED_MIN)
    .toSorted(([, a], [, b]) => b - a)
    .slice(0, CANDIDATES_MAX);
  const members = await findPublicMembers(db, candidates.map(([id]) => id));
  return candidates
    .flatMap(([similarId, count]): SimilarChannel[] => {
      const size = members.get(similarId);
      return size === undefined ? [] : [{ similarId, score: Math.round((count / Math.sqrt(userIds.length * Math.max(size, count))) * 1_000_000) }];
    })
    .toSorted((a, b) => b.score - a.score)
    .slice(0, RECOMMENDED_MAX);
}
