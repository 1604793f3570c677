import type { Clock } from '@aerogram/runtime';
import { type Database, defineRecurringJob, type JobKind } from '@aerogram/storage';

import type { DomainConfig } from '../shared/index.ts';
import { BELOW_CHANNELS, cutChannelLogs, listChannelLogs } from './channel-log-store.ts';

const HOUR_MS = 3_600_000;
const DAY_S = 86_400;
/** Channels examined by one statement. */
const CHANNELS = 100;
/** Entries deleted from each channel by one statement. */
const ENTRIES = 200;

/** The logs of edits and deletions in channels. Clients that are behind the kept part get the newest message instead (rule P27, too far behind). */
export interface ChannelLogs {
  /**
   * Deletes the entries that are too old or too many, in slices.
   * @param signal stops between two slices
   */
  doPrune(signal: AbortSignal): Promise<void>;
  readonly jobKinds: readonly JobKind[];
}

/** Creates the pruner of channels' logs. */
export function createChannelLogs(deps: { db: Database; clock: Pick<Clock, 'now'>; config: Pick<DomainConfig, 'channelLogEvents' | 'channelLogDays'> }): ChannelLogs {
  const { db, clock, config } = deps;

  const doPrune: ChannelLogs['doPrune'] = async (signal) => {
    const oldDate = clock.now() - config.channelLogDays * DAY_S;
    for (let after = BELOW_CHANNELS; !signal.aborted; ) {
      const logs = await listChannelLogs(db, after, CHANNELS);
      const last = logs.at(-1);
      if (last === undefined) return;
      const cuts = logs.map((log) => ({ ...log, cutPts: log.pts - config.channelLogEvents }));
      for (let most = ENTRIES; most === ENTRIES && !signal.aborted; ) {
        most = await db.transact('prune-channel-logs', (tx) => cutChannelLogs(tx, cuts, { oldDate, limit: ENTRIES }));
      }
      after = last.owner_id;
    }
  };

  return {
    doPrune,
    jobKinds: [defineRecurringJob({ kind: 'prune-channel-logs', everyMs: 6 * HOUR_MS, clockNeed: 'proven', run: ({ signal }) => doPrune(signal) })],
  };
}
