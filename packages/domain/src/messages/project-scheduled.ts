import type { tl } from '@aerogram/tl';

import { hasFlag, MessageFlag } from '../events/index.ts';
import { projectMessage } from './project-message.ts';
import type { ScheduledRow } from './scheduled-store.ts';
import { headerInTopic } from './topic-header.ts';

/** The date that means "when the receiver comes online". */
export const UNTIL_ONLINE_DATE = 0x7ffffffe;

/**
 * A scheduled message as its owner sees it: dated with its scheduled date, and outgoing even in Saved Messages. A message that could not be
 * sent looks the same and keeps the date when it was due. Pure.
 */
export function projectScheduled(row: ScheduledRow): tl.Message {
  const { schedule_date: date, random_id: globalId, repeat_period: period, refused_date: _refused, send_as: sendAs, top_id: topicId, ...rest } = row;
  const message = projectMessage({ ...rest, date, global_id: globalId, from_id: sendAs ?? row.owner_id, pts: 0, ttl_period: null });
  if (message._ !== 'message') return message;
  if (topicId !== null) message.reply_to = headerInTopic(message.reply_to, topicId);
  const own: tl.message = { ...message, out: true, schedule_repeat_period: period ?? undefined };
  if (!hasFlag(row, MessageFlag.post)) return own;
  // A post of a broadcast channel is the channel's.
  const { from_id: _from, ...post } = own;
  return { ...post, post: true };
}
