import { type Clock, pageThrough } from '@aerogram/runtime';
import { defineRecurringJob, type JobKind } from '@aerogram/storage';

import { tryEach } from '../shared/index.ts';
import { type ChannelChangeDeps, listOldPosts, listOverdueChannels, type OverdueChannel } from '../channel-state/index.ts';
import { doExpire, EXPIRED_SLICE } from './expire-posts.ts';

/** How often the job looks for old messages. */
const EVERY_MS = 600_000;
/** Number of channels listed at once. */
const CHANNELS = 100;

/** Creates the job that deletes messages of channels that are older than the retention time set by the operator. */
export function createRetainChannelsJob(deps: ChannelChangeDeps & { clock: Clock }): JobKind {
  const clean = async ({ channel_id: channelId, before_date: beforeDate }: OverdueChannel, signal: AbortSignal): Promise<void> => {
    for (let found = EXPIRED_SLICE; found === EXPIRED_SLICE; ) {
      signal.throwIfAborted();
      const msgIds = await listOldPosts(deps.db, channelId, beforeDate, EXPIRED_SLICE);
      await doExpire(deps, channelId, msgIds);
      found = msgIds.length;
    }
  };
  return defineRecurringJob({
    kind: 'retain-channels',
    everyMs: EVERY_MS,
    clockNeed: 'proven',
    run({ signal }) {
      const nowDate = deps.clock.now();
      const overdue = pageThrough<OverdueChannel>((last) => listOverdueChannels(deps.db, last?.channel_id ?? 0n, nowDate, CHANNELS));
      return tryEach(overdue, (channel) => clean(channel, signal), signal);
    },
  });
}
