import type { Bus } from '@aerogram/bus';
import type { Database } from '@aerogram/storage';

import { type ChannelMemberRow, findChannelMembers } from '../chats/index.ts';
import { channelIdOf } from '../events/index.ts';
import { isSeenByAll, type Privacy, UNTOUCHED } from '../privacy/index.ts';
import { LoadingCache, onAccountHint } from '../shared/index.ts';
import type { Users } from '../users/index.ts';

/** What decides how a member of a channel sees its events. */
export interface MemberView extends Pick<ChannelMemberRow, 'date' | 'cleared_max_id' | 'hidden_max_id' | 'user_id' | 'role' | 'all_from'> {
  /** The member has no role and no restriction, so all such members see the channel alike, apart from access hash and date. */
  isOrdinary: boolean;
  /** The member sees users with whom there is no relation as everybody does who is not a bot and shows the own last seen time to all. */
  seesStrangersAlike: boolean;
}

/**
 * How the members of channels who are online here see the events of these channels. Kept between posts, because a post to thousands of members would otherwise
 * look up several rows for each of them.
 */
export interface MemberViews extends Disposable {
  /** Returns the view of each of these users; undefined for those who are not members. @param peerId marked id of the channel */
  find(peerId: bigint, userIds: readonly bigint[]): Promise<(MemberView | undefined)[]>;
}

/** Maximum number of members kept, some 150 bytes each. Whole channels are dropped when there are more. */
const MAX_VIEWS = 400_000;

interface ChannelViews {
  cache: LoadingCache<bigint, MemberView>;
  /** How many members were read. */
  read: number;
}

/** The dependencies of {@link createMemberViews}. */
export interface MemberViewsDeps {
  db: Pick<Database, 'run'>;
  bus: Bus;
  users: Pick<Users, 'findRows'>;
  privacy: Pick<Privacy, 'findOwners'>;
}

/** Creates the cache of views. Disposing ends its subscriptions. */
export function createMemberViews(deps: MemberViewsDeps): MemberViews {
  /** The channel that was read from the database last is the last one. */
  const channels = new Map<bigint, ChannelViews>();

  const subscription = onAccountHint(deps.bus, (hint) => {
    if (hint.kind === 'chat') for (const userId of hint.userIds) channels.get(hint.markedId)?.cache.invalidate(userId);
    if (hint.kind === 'privacy' || hint.kind === 'user') for (const { cache } of channels.values()) cache.invalidate(hint.userId);
  });
  const reconnected = deps.bus.onReconnect(() => channels.clear());

  const open = (peerId: bigint): ChannelViews => {
    const known = channels.get(peerId);
    if (known !== undefined) return known;
    const views: ChannelViews = {
      read: 0,
      cache: new LoadingCache({
        maxEntries: MAX_VIEWS,
        load(userIds) {
          views.read += userIds.length;
          dropOldest(channels, views);
          return loadViews(deps, peerId, userIds);
        },
      }),
    };
    channels.set(peerId, views);
    return views;
  };

  return {
    async find(peerId, userIds) {
      const { cache } = open(peerId);
      const found = userIds.map((userId) => cache.peek(userId));
      const missing = userIds.filter((userId, at) => found[at] === undefined && !cache.isKnown(userId));
      if (missing.length === 0) return found;
      const read = await cache.getMany(missing);
      return userIds.map((userId, at) => found[at] ?? read.get(userId));
    },
    [Symbol.dispose]() {
      subscription[Symbol.dispose]();
      reconnected[Symbol.dispose]();
    },
  };
}

/** Drops the channels that have been kept longest until there is room again. */
function dropOldest(channels: Map<bigint, ChannelViews>, kept: ChannelViews): void {
  let count = [...channels.values()].reduce((sum, { read }) => sum + read, 0);
  for (const [peerId, views] of channels) {
    if (count <= MAX_VIEWS) return;
    if (views === kept) continue;
    channels.delete(peerId);
    count -= views.read;
  }
}

async function loadViews({ db, users, privacy }: MemberViewsDeps, peerId: bigint, userIds: readonly bigint[]): Promise<Map<bigint, MemberView>> {
  const id = channelIdOf(peerId);
  const [members, rows, owners] = await Promise.all([
    findChannelMembers(db, userIds.map((userId) => ({ id, userId }))),
    users.findRows(userIds),
    privacy.findOwners(userIds),
  ]);
  return new Map(
    members.flatMap((member): [bigint, MemberView][] => {
      if (member.status !== 'member') return [];
      const { user_id: userId, date, cleared_max_id, hidden_max_id, all_from, role, banned_rights, until_date } = member;
      const isOrdinary = role === 'member' && banned_rights === 0 && until_date === 0;
      const seesStrangersAlike = rows.get(userId)?.bot !== true && isSeenByAll(owners.get(userId) ?? UNTOUCHED, 'StatusTimestamp');
      return [[userId, { user_id: userId, date, cleared_max_id, hidden_max_id, role, all_from, isOrdinary, seesStrangersAlike }]];
    }),
  );
}
