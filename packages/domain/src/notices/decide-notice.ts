import { ACK_PATIENCE_S, type Reach } from '@aerogram/bus';

/** What has arrived in somebody's box. */
export interface Arrival {
  isOwn: boolean;
  /** A message in Saved Messages that was written before, and whose time has come. */
  isReminder: boolean;
  /** A service message that nobody is told of, such as one about a wallpaper. */
  isQuiet: boolean;
  /** Unix seconds. */
  date: number;
  isMention: boolean;
}

/** The chat in which it arrived, for its owner. */
export interface ArrivalChat {
  isRead: boolean;
  /** The owner has muted it, or all chats of its kind. */
  isMuted: boolean;
}

/** A device, and where else its owner is. */
export interface NoticeDevice {
  reach: Reach;
  /** The owner uses another device now. */
  isUsedElsewhere: boolean;
}

/** What happened so long ago is not told any more, in seconds: after a long stop of the server, nobody wants yesterday's alarms. */
export const NOTICE_MAX_AGE_S = 600;
/** How long devices wait while their owner uses another one, in milliseconds: what is read there meanwhile is not told here. As `notify_cloud_delay_ms`, which clients are told. */
const ELSEWHERE_MS = 30_000;

/** Whether anything is to be told at all, whatever the device. Pure. */
export function isWorthNotice(arrival: Arrival, chat: ArrivalChat, nowDate: number): boolean {
  if ((arrival.isOwn && !arrival.isReminder) || arrival.isQuiet || chat.isRead) return false;
  if (arrival.date < nowDate - NOTICE_MAX_AGE_S) return false;
  return !chat.isMuted || arrival.isMention;
}

/** After how many milliseconds a device is told of something worth it; undefined if it has it already. What was read or acknowledged until then is not told. Pure. */
export function noticeDelayMs({ reach, isUsedElsewhere }: NoticeDevice): number | undefined {
  if (reach === 'acked') return undefined;
  if (isUsedElsewhere) return ELSEWHERE_MS;
  return reach === 'waiting' ? ACK_PATIENCE_S * 1000 : 0;
}
