import { markPeer } from '@aerogram/cluster';
import { rpcError } from '@aerogram/errors';
import type { Clock } from '@aerogram/runtime';
import { defineRecurringJob, type JobKind } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import { saveLifetimeDate } from '../chats/index.ts';
import { checkTtlPeriod } from '../dialogs/index.ts';
import { projectTtl } from '../messages/index.ts';
import { groupBy } from '../shared/index.ts';
import { type ChannelChange, type ChannelChangeDeps, changeChannel } from './channel-change.ts';
import { listExpiredPosts } from './expired-post-store.ts';

/** How often expired posts are deleted. */
const EXPIRE_EVERY_MS = 5000;
/** Maximum number of posts deleted at once, and named by one update. */
export const EXPIRED_SLICE = 500;

/**
 * Sets the lifetime of new messages, and says so in the channel.
 * @param period seconds; 0 for no limit
 * @throws RpcError 400 TTL_PERIOD_INVALID, CHAT_NOT_MODIFIED, CHAT_ADMIN_REQUIRED
 */
export async function setLifetime(channel: ChannelChange, period: number): Promise<tl.Update[]> {
  checkTtlPeriod(period);
  channel.check('change_info');
  if ((channel.row.ttl_period ?? 0) === period) throw rpcError('CHAT_NOT_MODIFIED');
  await saveLifetimeDate(channel.tx, channel.row.channel_id, channel.date);
  channel.set({ ttl_period: period === 0 ? null : period });
  // This service message does not expire, so that it keeps explaining why others do.
  channel.say({ _: 'messageActionSetMessagesTTL', period }, { expires: false });
  return [channel.show(projectTtl(channel.peerId, period))];
}

/** Deletes posts of one channel that are not to be kept any longer. A repeat finds nothing to delete. */
export function doExpire(deps: ChannelChangeDeps, channelId: bigint, msgIds: readonly number[]): Promise<unknown> {
  // Nobody deletes them: the right to do so was checked when the lifetime was set.
  const acting = { actorId: markPeer({ _: 'peerChannel', channel_id: channelId }), origin: undefined };
  return changeChannel(deps, { name: 'expire-posts', channelId, acting }, {}, (channel) => channel.remove(msgIds));
}

/** Creates the job that deletes posts whose lifetime is over. */
export function createExpireJob(deps: ChannelChangeDeps & { clock: Clock }): JobKind {
  return defineRecurringJob({
    kind: 'expire-posts',
    everyMs: EXPIRE_EVERY_MS,
    clockNeed: 'steady',
    async run({ signal }) {
      for (let found = EXPIRED_SLICE; found === EXPIRED_SLICE; ) {
        const due = await listExpiredPosts(deps.db, deps.clock.now(), EXPIRED_SLICE);
        for (const [channelId, rows] of groupBy(due, (row) => row.channel_id)) {
          signal.throwIfAborted();
          await doExpire(deps, channelId, rows.map((row) => row.msg_id));
        }
        found = due.length;
      }
    },
  });
}
