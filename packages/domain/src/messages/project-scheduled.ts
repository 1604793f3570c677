import type { tl } from '@aerogram/tl';

import { projectMessage } from './project-message.ts';
import type { ScheduledRow } from './scheduled-store.ts';

/** The date that means "when the receiver comes online". */
export const UNTIL_ONLINE_DATE = 0x7ffffffe;

/**
 * A scheduled message as its owner sees it: dated with its scheduled date, and outgoing even in Saved Messages. A message that could not be
 * sent looks the same and keeps the date when it was due. Pure.
 */
export function projectScheduled(row: ScheduledRow): tl.Message {
  const { schedule_date: date, random_id: globalId, repeat_period: period, refused_date: _refused, ...rest } = row;
  const message = projectMessage({ ...rest, date, global_id: globalId, from_id: row.owner_id, pts: 0, ttl_period: null });
  return message._ === 'message' ? { ...message, out: true, schedule_repeat_period: period ?? undefined } : message;
}
