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
  /** A basic group became this supergroup. */
  | { kind: 'seam'; key: string }
  | { kind: 'service'; key: string; message: Message }
  | { kind: 'draft'; key: string; draft: LiveDraft }
  | MessagesRow;

/** Messages of one author in one topic that are written within so many seconds belong together. */
const TOGETHER_S = 600;

const belongTogether = (first: Message | undefined, second: Message | undefined, me: PeerId | undefined): boolean =>
  first !== undefined &&
  second !== undefined &&
  first.peer === second.peer &&
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

/** Whether nobody has written anything yet: there are only service messages, such as that the group was created. Pure. */
export const isUnwritten = (messages: readonly Message[]): boolean => messages.every(({ service }) => service !== undefined);

/** The last message of a basic group that became a supergroup, which says so. In the history of the supergroup, the first message there says it. */
const isEndOf = (chat: PeerId, { peer, service }: Message): boolean => peer !== chat && service?.kind === 'upgraded';

/**
 * Arranges messages in rows, with days and the line above what is unread. Pure.
 * @param chat whose history it is
 * @param unreadFrom the first unread message, which is one of this chat
 * @param me the account
 */
export function arrangeRows(all: readonly Message[], chat: PeerId, unreadFrom: MessageId | undefined, me?: PeerId): HistoryRow[] {
  const messages = all.filter((message) => !isEndOf(chat, message));
  const own = messages.filter(({ peer }) => peer === chat);
  const firstUnread = unreadFrom === undefined || isAnswered(own, unreadFrom) ? undefined : unreadFrom;
  const rows: HistoryRow[] = [];
  let album: MessagesRow | undefined;
  const isUnreadFrom = ({ peer, id }: Message): boolean => peer === chat && id === firstUnread;
  messages.forEach((message, index) => {
    const [before, after] = [messages[index - 1], messages[index + 1]];
    const isNewDay = !before || dayNumber(before.date) !== dayNumber(message.date);
    const isFirstUnread = message.id !== 0 && isUnreadFrom(message);
    if (isNewDay) rows.push({ kind: 'day', key: `day-${dayNumber(message.date)}`, date: message.date });
    if (before && before.peer !== message.peer && message.service?.kind !== 'upgraded') rows.push({ kind: 'seam', key: 'seam' });
    if (isFirstUnread) rows.push({ kind: 'unread', key: 'unread' });
    if (message.service) {
      rows.push({ kind: 'service', key: message.key, message });
      return;
    }
    const isSameAlbum = album !== undefined && !isNewDay && !isFirstUnread && message.album !== undefined && before?.album === message.album;
    const isLast = isFirstUnread || !belongTogether(message, after, me) || (after !== undefined && isUnreadFrom(after));
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

/**
 * Leaves out the oldest message while those before it are not there. Whether a day or an album begins with it, and whether its author
 * is named, is known only with them; a row that changes above what somebody reads would move the text. A message at which the list opens stays. Pure.
 * @param hasOlder whether older messages can be loaded
 * @param isTarget whether the list goes to this message. To the first unread one it may always go
 */
export function withoutCutRow(rows: HistoryRow[], hasOlder: boolean, isTarget: (message: Message) => boolean): HistoryRow[] {
  const isOfMessages = (row: HistoryRow): boolean => messagesOf(row).length > 0;
  const cut = hasOlder ? rows.findIndex(isOfMessages) + 1 : 0;
  const isNeeded = rows.slice(0, cut).some((row) => row.kind === 'unread' || messagesOf(row).some(isTarget));
  return !isNeeded && rows.slice(cut).some(isOfMessages) ? rows.slice(cut) : rows;
}
