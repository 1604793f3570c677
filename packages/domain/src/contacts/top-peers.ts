import { isMarkedUser } from '@aerogram/cluster';
import type { Database } from '@aerogram/storage';

import { MessageFlag, readExtra, unpackMessageExtra } from '../events/index.ts';
import type { DomainDeps } from '../shared/index.ts';
import type { Users } from '../users/index.ts';
import { saveTopPeerReset } from './top-peer-store.ts';

/** The categories of frequent contacts that can have entries. The other categories of the schema are for mini apps, which do not exist here, so they are always empty. */
export type TopCategory = 'correspondents' | 'bots_pm' | 'bots_inline' | 'groups' | 'channels' | 'forward_users' | 'forward_chats' | 'phone_calls';

export interface RatedPeer {
  /** Marked peer id, as in the Bot API: negative for chats and channels. */
  peerId: bigint;
  rating: number;
}

/**
 * The peers that a user writes to most. Ratings are not stored but computed from the user's newest outgoing messages, each of which weighs
 * less the older it is. So sending costs nothing extra, and the ratings are correct after a deletion, an import or a crash.
 * @see https://core.telegram.org/api/top-rating
 */
export interface TopPeers {
  /** Lists the rated peers per category, highest rating first. */
  listTop(ownerId: bigint): Promise<Map<TopCategory, RatedPeer[]>>;
  /** Excludes the messages sent to this peer so far from its rating. */
  doReset(ownerId: bigint, category: TopCategory, peerId: bigint): Promise<void>;
}

/** Seconds after which a message weighs 1/e; sent to clients as `rating_e_decay`. */
export const RATING_DECAY_S = 2_419_200;
/** Maximum number of messages examined, newest first. */
const MESSAGES_MAX = 2000;

const PEERS_MAX = 100;

interface Written {
  peer_id: bigint;
  date: number;
  flags: number;
  extra: Uint8Array | null;
}

/** What ratings read of the rest of a message. */
function readWritten({ extra, ...message }: Written) {
  const { fwdFrom, viaBotId, action } = unpackMessageExtra(extra);
  // A forward keeps the inline bot of the original message, but the person who forwards has not used that bot.
  return { ...message, isForward: fwdFrom !== undefined, isCall: action?._ === 'messageActionPhoneCall', viaBotId: fwdFrom === undefined ? viaBotId : undefined };
}

/** What the ratings need to know about peers. */
interface TopPeersParts {
  users: Pick<Users, 'findRows'>;
  /** Finds which of these peers, by marked id, are groups or channels that the user is in now. */
  findJoined(userId: bigint, peerIds: Iterable<bigint>): Promise<ReadonlyMap<bigint, 'chats' | 'broadcasts'>>;
}

/** Creates the frequent contact operations. */
export function createTopPeers(deps: DomainDeps, { users, findJoined }: TopPeersParts): TopPeers {
  const { db, clock } = deps;

  /** The category of each peer that can be rated. Deleted users and chats that the owner has left are not in it. */
  const findCategories = async (ownerId: bigint, peerIds: ReadonlySet<bigint>): Promise<Map<bigint, TopCategory>> => {
    const [rows, joined] = await Promise.all([users.findRows([...peerIds].filter(isMarkedUser)), findJoined(ownerId, peerIds)]);
    const present = [...rows.values()].filter((row) => !row.deleted);
    return new Map<bigint, TopCategory>([
      ...present.map((row) => [row.user_id, row.bot ? 'bots_pm' : 'correspondents'] as const),
      ...[...joined].map(([peerId, scope]) => [peerId, scope === 'chats' ? 'groups' : 'channels'] as const),
    ]);
  };

  return {
    async listTop(ownerId) {
      const [rows, resets] = await Promise.all([listWritten(db.q, ownerId), listResets(db.q, ownerId)]);
      const written = rows.map(readWritten).filter(({ flags, isCall }) => isCall || (flags & MessageFlag.service) === 0);
      const peerIds = written.flatMap(({ peer_id, viaBotId }) => (viaBotId === undefined ? [peer_id] : [peer_id, viaBotId]));
      const categories = await findCategories(ownerId, new Set(peerIds));
      const sums = new Map<TopCategory, Map<bigint, number>>();
      const count = (category: TopCategory, { peer_id, date }: Pick<Written, 'peer_id' | 'date'>): void => {
        if (date <= (resets.get(`${category}:${peer_id}`) ?? 0)) return;
        const ratings = sums.get(category) ?? new Map<bigint, number>();
        sums.set(category, ratings);
        ratings.set(peer_id, (ratings.get(peer_id) ?? 0) + Math.exp((date - clock.now()) / RATING_DECAY_S));
      };
      for (const message of written) {
        const { viaBotId, date } = message;
        if (viaBotId !== undefined && categories.get(viaBotId) === 'bots_pm') count('bots_inline', { peer_id: viaBotId, date });
        const category = categories.get(message.peer_id);
        if (category === undefined) continue;
        count(message.isCall ? 'phone_calls' : category, message);
        if (!message.isForward) continue;
        count(isMarkedUser(message.peer_id) ? 'forward_users' : 'forward_chats', message);
      }
      return new Map(
        [...sums].map(([category, ratings]) => {
          const peers = [...ratings].map(([peerId, rating]) => ({ peerId, rating }));
          return [category, peers.toSorted((a, b) => b.rating - a.rating).slice(0, PEERS_MAX)];
        }),
      );
    },
    async doReset(ownerId, category, peerId) {
      const row = { owner_id: ownerId, category, peer_id: peerId, reset_date: clock.now() };
      await db.transact('reset-top-peer', (tx) => saveTopPeerReset(tx, row));
    },
  };
}

/** Lists the newest messages that the owner sent to others, in descending order of the primary key. */
async function listWritten(q: Database['q'], ownerId: bigint): Promise<Written[]> {
  const newest = q
    .selectFrom('messages')
    .select(['peer_id', 'date', 'flags', readExtra('messages')])
    .where('owner_id', '=', ownerId)
    .orderBy('msg_id', 'desc')
    .limit(MESSAGES_MAX)
    .as('newest');
  const rows = await q.selectFrom(newest).selectAll().where('peer_id', '<>', ownerId).execute();
  return rows.filter((row) => (row.flags & MessageFlag.out) !== 0);
}

async function listResets(q: Database['q'], ownerId: bigint): Promise<Map<string, number>> {
  const rows = await q.selectFrom('top_peer_resets').selectAll().where('owner_id', '=', ownerId).execute();
  return new Map(rows.map((row) => [`${row.category}:${row.peer_id}`, row.reset_date]));
}
