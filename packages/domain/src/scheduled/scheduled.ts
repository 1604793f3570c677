import { unmarkPeer } from '@aerogram/cluster';
import { type RpcError, rpcError } from '@aerogram/errors';
import type { JobKind, Tx } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import type { ResolvedPeer } from '../access/index.ts';
import { checkReplyTarget } from '../channel-posts/index.ts';
import { findPostKeys, findPosts } from '../channel-state/index.ts';
import { hiddenUpTo } from '../chats/index.ts';
import { clearDrafts } from '../dialogs/index.ts';
import { bytesOfRow, MessageFlag, type MessageRow, type Origin, packMessageExtra, unpackMessageExtra } from '../events/index.ts';
import {
  checkTravels,
  editMedia,
  findBarrier,
  findReceivers,
  findScheduled,
  findScheduledBy,
  findSendKeys,
  type FormattedText,
  hasScheduled,
  keepScheduled,
  type MediaEdit,
  needsRight,
  type NewOutgoing,
  type OutgoingPart,
  orderSend,
  type PollEnd,
  placesOf,
  projectScheduled,
  refuseAllScheduled,
  removeScheduled,
  ReplyTargets,
  type ScheduledRow,
  takeScheduledIds,
  UNTIL_ONLINE_DATE,
  updateScheduled,
} from '../messages/index.ts';
import { findSent, type SendCall, type SentEarlier } from './find-sent.ts';
import { findLaterPosting } from './later-posting.ts';
import { createScheduledJobs, type ScheduledDeps } from './scheduled-jobs.ts';
import { type Send, sendScheduled, type SendScheduledDeps } from './send-scheduled.ts';

/** Maximum number of messages scheduled for one peer, because clients request all of them in one call. */
const PEER_MAX = 100;
/** Maximum bytes of the messages scheduled for one peer. */
const PEER_BYTES = 1024 * 1024;

const DAY_S = 24 * 3600;
/** Repeat periods in seconds, as offered by clients. */
const REPEAT_PERIODS: ReadonlySet<number> = new Set([1, 7, 14, 30, 91, 182, 365].map((days) => days * DAY_S));

const YEAR_S = 366 * DAY_S;

/** The result of sending scheduled messages before their date. */
export interface ScheduledSent {
  /** The scheduled message ids that are gone, and the ids of the messages that were sent. */
  update: tl.updateDeleteScheduledMessages;
  /** The sender's copies. */
  rows: MessageRow[];
}

/** When a message is sent. */
export interface Schedule {
  /** Unix seconds, or {@link UNTIL_ONLINE_DATE}. */
  date: number;
  /** Seconds after which the message is sent again, repeatedly; undefined to send it once. */
  repeatPeriod: number | undefined;
}

/** The changes to a scheduled message. */
export interface ScheduledEdit {
  ownerId: bigint;
  msgId: number;
  text: FormattedText | undefined;
  /** Absent if the media stay unchanged. */
  media?: Exclude<MediaEdit, tl.inputMediaGeoLive | PollEnd>;
  noWebpage: boolean;
  invertMedia: boolean;
  schedule: Schedule;
  origin: Origin | undefined;
}

/**
 * The update about scheduled messages that were deleted or sent. Pure.
 * @param sentIds ids of the resulting messages, if they were sent
 */
function projectGone(peerId: bigint, messages: number[], sentIds: number[] | undefined): tl.updateDeleteScheduledMessages {
  return { _: 'updateDeleteScheduledMessages', peer: unmarkPeer(peerId), messages, sent_messages: sentIds };
}

/**
 * Checks that all messages scheduled for one peer fit into one answer.
 * @throws RpcError SCHEDULE_TOO_MUCH
 */
function checkRoom(rows: readonly ScheduledRow[]): void {
  if (rows.length > PEER_MAX || rows.reduce((sum, row) => sum + bytesOfRow(row), 0) > PEER_BYTES) throw rpcError('SCHEDULE_TOO_MUCH');
}

/** Operations on scheduled messages. */
export class Scheduled {
  readonly #deps: ScheduledDeps;
  readonly #sending: SendScheduledDeps;
  readonly jobKinds: readonly JobKind[];

  /** @param send the function with which all messages are sent */
  constructor(deps: ScheduledDeps, send: Send) {
    this.#deps = deps;
    this.#sending = { db: deps.db, random: deps.random, send };
    this.jobKinds = createScheduledJobs(deps, this.#sending);
  }

  /**
   * Schedules messages. A call repeated with the same texts and date returns the messages of the first call.
   * @param outgoing.topicId the topic of a forum in which they are written; undefined: that of the message that they reply to, or General
   * @param outgoing.sendAs marked; in channels, the peer in whose name they are sent, instead of the one that the author has chosen
   * @throws RpcError RANDOM_ID_DUPLICATE, SEND_AS_PEER_INVALID, SCHEDULE_DATE_INVALID, SCHEDULE_DATE_TOO_LATE, SCHEDULE_STATUS_PRIVATE, SCHEDULE_TOO_MUCH, SCHEDULE_BOT_NOT_ALLOWED,
   * and the errors of a send, so that the author learns of them now
   */
  async doSchedule(peer: ResolvedPeer, { senderId: ownerId, parts, reply: given, topicId, clearsDraft, origin, onRepeat, sendAs: asked }: NewOutgoing & { sendAs?: bigint; topicId?: number | undefined }, schedule: Schedule): Promise<ScheduledRow[]> {
    checkRepeat(schedule);
    checkTravels(this.#deps, peer.peerId, parts);
    const invalid = await this.#findScheduleError(ownerId, peer, schedule.date);
    if (invalid) throw invalid;
    const posting = peer.kind === 'channel' ? await findLaterPosting(this.#deps.db, { peer, userId: ownerId, parts, nowDate: this.#deps.clock.now(), asked, wish: { reply: given, topicId } }) : undefined;
    const reply = posting === undefined ? given : posting.reply;
    const refusal = (await this.#findSendError(ownerId, peer, parts)) ?? posting?.refusal;
    await (peer.kind === 'user' ? this.#deps.sendLimits.check(ownerId, peer, parts.length) : this.#deps.sendLimits.checkChat(ownerId, peer.peerId, parts.length));
    return this.#deps.writeBoxes('schedule-messages', [ownerId], async (tx, boxes, date) => {
      const earlier = await findScheduledBy(tx, ownerId, parts.map((part) => part.randomId));
      const repeated = parts.flatMap(({ randomId, text }) => {
        const row = earlier.find((one) => one.random_id === randomId);
        return row?.peer_id === peer.peerId && row.text === text && row.schedule_date === schedule.date ? [row] : [];
      });
      if (repeated.length === parts.length) {
        onRepeat?.();
        return repeated;
      }
      if (earlier.length > 0 || (await isUsed(tx, ownerId, peer, parts))) throw rpcError('RANDOM_ID_DUPLICATE');
      if (refusal) throw refusal;
      await checkReply(tx, ownerId, peer, reply);
      const waiting = await findScheduled(tx.q, ownerId, peer.peerId);
      const ids = await takeScheduledIds(tx, ownerId, parts.length);
      const rows = parts.map((part, index): ScheduledRow => ({
        owner_id: ownerId,
        peer_id: peer.peerId,
        msg_id: ids[index]!,
        random_id: part.randomId,
        schedule_date: schedule.date,
        edit_date: null,
        flags: isPost(peer) ? part.flags | MessageFlag.post : part.flags,
        reply_to_msg_id: reply?.msgId ?? null,
        saved_peer_id: peer.isSelf ? (part.savedPeerId ?? ownerId) : null,
        text: part.text,
        extra: packMessageExtra({ ...part.extra, replyTo: reply === undefined ? part.extra.replyTo : reply.quote }),
        repeat_period: schedule.repeatPeriod ?? null,
        refused_date: null,
        send_as: posting?.sendAs ?? null,
        top_id: posting?.topicId ?? null,
      }));
      checkRoom([...waiting, ...rows]);
      await keepScheduled({ tx, boxes, date }, rows, origin);
      if (clearsDraft) await clearDrafts(tx, boxes, [{ senderId: ownerId, peerId: peer.peerId, origin }], date);
      return rows;
    });
  }

  /**
   * Edits a scheduled message. A message that could not be sent is scheduled again if it gets a future date.
   * @throws RpcError MESSAGE_ID_INVALID (deleted, or sent before this edit), and as {@link doSchedule} for a new date or the length
   */
  async doEdit(peer: ResolvedPeer, { ownerId, msgId, text, media, noWebpage, invertMedia, schedule, origin }: ScheduledEdit): Promise<ScheduledRow> {
    checkRepeat(schedule);
    const scheduleDate = schedule.date;
    const invalid = await this.#findScheduleError(ownerId, peer, scheduleDate);
    return this.#deps.writeBoxes('edit-scheduled', [ownerId], async (tx, boxes, date) => {
      const [row] = await findScheduled(tx.q, ownerId, peer.peerId, [msgId]);
      if (row === undefined) throw rpcError('MESSAGE_ID_INVALID');
      // An unchanged date is accepted even if it has passed: the message is about to be sent, or could not be sent.
      const isPutOff = scheduleDate !== row.schedule_date;
      if (isPutOff && invalid) throw invalid;
      const refusedDate = scheduleDate > date ? null : row.refused_date;
      const edited: ScheduledRow = { ...row, schedule_date: scheduleDate, repeat_period: schedule.repeatPeriod ?? null, refused_date: refusedDate };
      const extra = unpackMessageExtra(row.extra);
      if (text !== undefined || media !== undefined) {
        const { text: words, entities } = text ?? { text: row.text, entities: extra.entities };
        const set = (noWebpage ? MessageFlag.noWebpage : 0) | (invertMedia ? MessageFlag.invertMedia : 0);
        edited.text = words;
        edited.flags = (row.flags & ~(MessageFlag.noWebpage | MessageFlag.invertMedia)) | set;
        edited.extra = packMessageExtra({ ...extra, entities, media: editMedia(this.#deps.random, extra.media, { edit: media, preview: needsRight(media) ? undefined : { media }, isGrouped: extra.groupedId !== undefined }, { sentDate: scheduleDate, nowDate: date }) });
        checkTravels(this.#deps, peer.peerId, [{ text: edited.text, flags: edited.flags, extra: unpackMessageExtra(edited.extra) }]);
        edited.edit_date = date;
      }
      const others = (await findScheduled(tx.q, ownerId, peer.peerId)).filter((one) => one.msg_id !== msgId);
      checkRoom([...others, edited]);
      await updateScheduled(tx, edited);
      if (isPutOff || refusedDate !== row.refused_date) await orderSend(tx, edited);
      boxes.addUpdate(ownerId, { ptsCount: 0, date, origin }, () => ({ _: 'updateNewScheduledMessage', message: projectScheduled(edited) }));
      return edited;
    });
  }

  /**
   * Sends scheduled messages now, each in a transaction of its own. The result covers only the messages that were sent.
   * @throws RpcError MESSAGE_ID_INVALID (none of them exists), and the errors of a send if no message was sent
   */
  async doSendNow(peer: ResolvedPeer, ownerId: bigint, msgIds: readonly number[], origin: Origin | undefined): Promise<ScheduledSent> {
    const sent: { msgId: number; message: MessageRow }[] = [];
    let failure: unknown = rpcError('MESSAGE_ID_INVALID');
    // Sent one after the other, so that they arrive in the order of their dates.
    for (const row of (await findScheduled(this.#deps.db.q, ownerId, peer.peerId, msgIds)).toReversed()) {
      try {
        const message = await sendScheduled(this.#sending, { peer, row, origin, isDue: () => true });
        if (message) sent.push({ msgId: row.msg_id, message });
      } catch (error) {
        failure = error;
        break;
      }
    }
    // The messages already sent are returned even if a later one failed; the failed ones stay scheduled.
    if (sent.length === 0) throw failure;
    const update = projectGone(peer.peerId, sent.map(({ msgId }) => msgId), sent.map(({ message }) => message.msg_id));
    return { update, rows: sent.map(({ message }) => message) };
  }

  /**
   * Deletes scheduled messages; a deleted message is never sent.
   * @returns the update with the ids of those that existed
   * @throws RpcError MESSAGE_ID_INVALID (none of them exists: deleted, or sent before this call)
   */
  doDelete(ownerId: bigint, peerId: bigint, msgIds: readonly number[], origin: Origin | undefined): Promise<tl.updateDeleteScheduledMessages> {
    return this.#deps.writeBoxes('delete-scheduled', [ownerId], async (tx, boxes, date) => {
      const removed = await removeScheduled(tx, ownerId, peerId, msgIds);
      if (removed.length === 0) throw rpcError('MESSAGE_ID_INVALID');
      const update = projectGone(peerId, removed.map((row) => row.msg_id), undefined);
      boxes.addUpdate(ownerId, { ptsCount: 0, date, origin }, () => update);
      return update;
    });
  }

  /** Keeps all scheduled messages of an owner from being sent. They stay in the lists and can be scheduled again. */
  doStop(ownerId: bigint): Promise<void> {
    return this.#deps.writeBoxes('stop-scheduled', [ownerId], (tx, _boxes, date) => refuseAllScheduled(tx, ownerId, date));
  }

  /** Lists the messages scheduled for a peer, all of them or those with these ids, latest first. */
  list(ownerId: bigint, peerId: bigint, msgIds?: readonly number[]): Promise<ScheduledRow[]> {
    return findScheduled(this.#deps.db.q, ownerId, peerId, msgIds);
  }

  has(ownerId: bigint, peerId: bigint): Promise<boolean> {
    return hasScheduled(this.#deps.db.q, ownerId, peerId);
  }

  /** As {@link findSent}. */
  findSent(call: SendCall): Promise<SentEarlier | undefined> {
    return findSent(this.#deps.db, call);
  }

  /** The error for scheduling a message for this date; undefined if it is allowed. */
  async #findScheduleError(ownerId: bigint, peer: ResolvedPeer, scheduleDate: number): Promise<RpcError | undefined> {
    const { clock } = this.#deps;
    if (scheduleDate === UNTIL_ONLINE_DATE) {
      if (peer.kind !== 'user' || peer.isSelf) return rpcError('SCHEDULE_DATE_INVALID');
      const isShown = peer.row.online_date > 0 && (await this.#deps.users.isOnlineShown(ownerId, peer.userId));
      return isShown ? undefined : rpcError('SCHEDULE_STATUS_PRIVATE');
    }
    if (scheduleDate <= clock.now()) return rpcError('SCHEDULE_DATE_INVALID');
    return scheduleDate > clock.now() + YEAR_S ? rpcError('SCHEDULE_DATE_TOO_LATE') : undefined;
  }

  /** The error for scheduling messages to this peer now; undefined if it is allowed, or if the peer is a channel. */
  async #findSendError(ownerId: bigint, peer: ResolvedPeer, parts: readonly OutgoingPart[]): Promise<RpcError | undefined> {
    const author = (await this.#deps.users.findRows([ownerId])).get(ownerId);
    if (author?.bot === true) return rpcError('SCHEDULE_BOT_NOT_ALLOWED');
    if (peer.kind === 'channel') return undefined;
    if (peer.kind === 'chat') return (await findReceivers(this.#deps, ownerId, peer, { parts: [...parts], nowDate: this.#deps.clock.now() })).refusal;
    if (peer.row.deleted) return rpcError('INPUT_USER_DEACTIVATED');
    return (await findBarrier(this.#deps.users, ownerId, peer.userId)).refusal;
  }
}

/** Whether messages for this peer are posts of a broadcast channel. */
const isPost = (peer: ResolvedPeer): boolean => peer.kind === 'channel' && peer.row.kind === 'broadcast';

/** Whether a message was sent with one of these random ids. */
async function isUsed(tx: Tx, ownerId: bigint, { kind, peerId }: ResolvedPeer, parts: readonly OutgoingPart[]): Promise<boolean> {
  const ids = parts.map(({ randomId }) => randomId);
  if (kind === 'channel') return (await findPostKeys(tx, peerId, ids)).length > 0;
  return (await findSendKeys(tx, ids.map((randomId) => ({ owner: ownerId, randomId })))).size > 0;
}

/** Checks what a scheduled message replies to. The send checks it again. @throws RpcError REPLY_MESSAGE_ID_INVALID, QUOTE_TEXT_INVALID */
async function checkReply(tx: Tx, ownerId: bigint, peer: ResolvedPeer, reply: NewOutgoing['reply']): Promise<void> {
  if (reply === undefined) return;
  if (peer.kind === 'channel') {
    const wanted = reply.msgId > hiddenUpTo(peer.row, peer.member) ? [reply.msgId] : [];
    return checkReplyTarget((await findPosts(tx.q, peer.channelId, wanted)).get(reply.msgId), reply);
  }
  const replying = { senderId: ownerId, peerId: peer.peerId, places: placesOf(ownerId, peer.peerId, true), reply };
  const error = (await ReplyTargets.find(tx, [replying])).errorOf(replying);
  if (error) throw error;
}

/**
 * Checks that a message may repeat on this schedule.
 * @throws RpcError SCHEDULE_DATE_INVALID
 */
function checkRepeat({ date, repeatPeriod }: Schedule): void {
  const canRepeat = repeatPeriod === undefined || (date !== UNTIL_ONLINE_DATE && REPEAT_PERIODS.has(repeatPeriod));
  if (!canRepeat) throw rpcError('SCHEDULE_DATE_INVALID');
}
