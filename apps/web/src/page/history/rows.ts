import type { LiveDraft, Message, MessageId, PeerId } from '../../protocol/index.ts';
import { dayNumber } from '../parts/dates.ts';
import { isOnOwnSide } from './side-of.ts';

/** One message, or all messages of an album, in one bubble. */
export interface MessagesRow {
  kind: 'message';
  key: string;
  /** At least one. */
  messages: Message[];
  /** Whether the rows before and after it do not belong to it. */
  isFirst: boolean;
  isLast: boolean;
}

/** A row of the history. */
export type HistoryRow =
  | { kind: 'day'; key: string; date: number }
  | { kind: 'unread'; key: string }
  | { kind: 'service'; key: string; message: Message }
  | { kind: 'draft'; key: string; draft: LiveDraft }
  | MessagesRow;

/** Messages of one author in one topic that are written within so many seconds belong together. */
const TOGETHER_S = 600;

const belongTogether = (first: Message | undefined, second: Message | undefined, me: PeerId | undefined): boolean =>
  first !== undefined &&
  second !== undefined &&
  !first.service &&
  !second.service &&
  first.from === second.from &&
  isOnOwnSide(first, me) === isOnOwnSide(second, me) &&
  first.topic === second.topic &&
  Math.abs(second.date - first.date) < TOGETHER_S &&
  dayNumber(first.date) === dayNumber(second.date);

/** The messages that a row shows. Pure. */
export function messagesOf(row: HistoryRow): readonly Message[] {
  return row.kind === 'message' ? row.messages : row.kind === 'service' ? [row.message] : [];
}

/** Whether the account has written a message after the first unread one. Then the line above the unread messages is not shown any more. Pure. */
const isAnswered = (messages: readonly Message[], firstUnread: MessageId): boolean => messages.some(({ id, isOut, isPost, service }) => isOut && !isPost && !service && (id === 0 || id > firstUnread));

/** Whether nobody has written anything: all that is there are lines of the server. Pure. */
export const isUnwritten = (messages: readonly Message[]): boolean => messages.every(({ service }) => service !== undefined);

/**
 * Arranges messages in rows, with days and the line above what is unread. Pure.
 * @param me the account
 */
export function arrangeRows(messages: readonly Message[], unreadFrom: MessageId | undefined, me?: PeerId): HistoryRow[] {
  const firstUnread = unreadFrom === undefined || isAnswered(messages, unreadFrom) ? undefined : unreadFrom;
  const rows: HistoryRow[] = [];
  let album: MessagesRow | undefined;
  messages.forEach((message, index) => {
    const [before, after] = [messages[index - 1], messages[index + 1]];
    const isNewDay = !before || dayNumber(before.date) !== dayNumber(message.date);
    const isFirstUnread = message.id !== 0 && message.id === firstUnread;
    if (isNewDay) rows.push({ kind: 'day', key: `day-${dayNumber(message.date)}`, date: message.date });
    if (isFirstUnread) rows.push({ kind: 'unread', key: 'unread' });
    if (message.service) {
      rows.push({ kind: 'service', key: message.key, message });
      return;
    }
    const isSameAlbum = album !== undefined && !isNewDay && !isFirstUnread && message.album !== undefined && before?.album === message.album;
    const isLast = isFirstUnread || !belongTogether(message, after, me) || after?.id === firstUnread;
    if (isSameAlbum) {
      album!.messages.push(message);
      album!.isLast = isLast;
      return;
    }
    album = { kind: 'message', key: message.key, messages: [message], isFirst: isFirstUnread || !belongTogether(before, message, me), isLast };
    rows.push(album);
  });
  return rows;
}
