import type { Message, MessageId } from '../../protocol/index.ts';
import { dayNumber } from '../parts/dates.ts';

/** A row of the history. */
export type HistoryRow =
  | { kind: 'day'; key: string; date: number }
  | { kind: 'unread'; key: string }
  | { kind: 'message'; key: string; message: Message; isFirst: boolean; isLast: boolean };

/** Messages of one author that are written within so many seconds belong together. */
const TOGETHER_S = 600;

const belongTogether = (first: Message | undefined, second: Message | undefined): boolean =>
  first !== undefined &&
  second !== undefined &&
  !first.service &&
  !second.service &&
  first.from === second.from &&
  first.isOut === second.isOut &&
  Math.abs(second.date - first.date) < TOGETHER_S &&
  dayNumber(first.date) === dayNumber(second.date);

/** Arranges messages in rows, with days and the line above what is unread. Pure. */
export function arrangeRows(messages: readonly Message[], firstUnread: MessageId | undefined): HistoryRow[] {
  const rows: HistoryRow[] = [];
  messages.forEach((message, index) => {
    const [before, after] = [messages[index - 1], messages[index + 1]];
    if (!before || dayNumber(before.date) !== dayNumber(message.date)) rows.push({ kind: 'day', key: `day-${dayNumber(message.date)}`, date: message.date });
    if (message.id !== 0 && message.id === firstUnread) rows.push({ kind: 'unread', key: 'unread' });
    rows.push({ kind: 'message', key: message.key, message, isFirst: !belongTogether(before, message), isLast: !belongTogether(message, after) });
  });
  return rows;
}
