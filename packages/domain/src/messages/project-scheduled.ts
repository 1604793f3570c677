import type { tl } from '@aerogram/tl';

import { projectMessage } from './project-message.ts';
import type { ScheduledRow } from './scheduled-store.ts';

/** The date that means "when the receiver comes online". */
export const UNTIL_ONLINE_DATE = 0x7ffffffe;

/**
 * A scheduled message as its owner sees it: a message dated when it will be sent, outgoing also in Saved Messages. One that could not be
 * sent looks the same, with the date when it should have been. Pure.
 */
export function projectScheduled(row: ScheduledRow): tl.Message {
  const { schedule_date: date, random_id: globalId, repeat_period: period, refused_date: _refused, ...rest } = row;
  const message = projectMessage({ ...rest, date, global_id: globalId, from_id: row.owner_id, pts: 0, ttl_period: null });
  return message._ === 'message' ? { ...message, out: true, schedule_repeat_period: period ?? undefined } : message;
}
