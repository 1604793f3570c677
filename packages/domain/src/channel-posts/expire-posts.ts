import { markPeer } from '@aerogram/cluster';
import type { Clock } from '@aerogram/runtime';
import { defineRecurringJob, type JobKind } from '@aerogram/storage';

import { groupBy } from '../shared/index.ts';
import { changeChannel, type ChannelChangeDeps, listExpiredPosts } from '../channel-state/index.ts';

/** How often expired posts are deleted. */
const EXPIRE_EVERY_MS = 5000;
/** Maximum number of posts deleted at once, and named by one update. */
export const EXPIRED_SLICE = 500;

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
