import { unmarkPeer } from '@aerogram/cluster';
import { RpcError, rpcError } from '@aerogram/errors';
import { defineJobKind, defineRecurringJob, jsonCodec } from '@aerogram/storage';
import type { JobKind, Tx } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import { clearDrafts } from '../dialogs/draft-store.ts';
import type { FormattedText } from '../messages/check-text.ts';
import { editMedia } from '../messages/edit-media.ts';
import { packMessageExtra, unpackMessageExtra } from '../messages/message-extra.ts';
import { bytesOfRow, MessageFlag } from '../messages/message-row.ts';
import type { MessageRow } from '../messages/message-row.ts';
import type { Outgoing } from '../messages/outgoing.ts';
import { projectMessage } from '../messages/project-message.ts';
import { findSendKeys } from '../messages/send-key-store.ts';
import type { MessagingDeps } from '../messaging-deps.ts';
import type { ResolvedPeer } from '../peers/resolved-peer.ts';
import type { Origin } from '../updates/box-event.ts';
import type { Boxes } from '../updates/box-store.ts';
import { findScheduled, findScheduledBy, hasScheduled, insertScheduled, listAwaited, removeScheduled, takeScheduledIds, updateScheduled } from './scheduled-store.ts';
import type { ScheduledRow } from './scheduled-store.ts';

/** The date that means "when the receiver comes online". */
export const UNTIL_ONLINE_DATE = 0x7ffffffe;

/** Messages that wait for one peer, and their bytes: clients ask for all of them at once. */
const PEER_MAX = 100;
const PEER_BYTES = 1024 * 1024;
const DAY_S = 24 * 3600;
/** How often messages may come again: clients offer these. */
const REPEAT_PERIODS: ReadonlySet<number> = new Set([1, 7, 14, 30, 91, 182, 365].map((days) => days * DAY_S));
const YEAR_S = 366 * DAY_S;
const AWAITED_EVERY_MS = 5000;
const AWAITED_SLICE = 200;

/** What sending scheduled messages came to. */
export interface ScheduledSent {
  /** The scheduled ids that are done with, and what became of each; 0 is not among them. */
  update: tl.updateDeleteScheduledMessages;
  /** The sender's copies. */
  rows: MessageRow[];
}

/** When messages are sent. */
export interface Schedule {
  /** May be {@link UNTIL_ONLINE_DATE}. */
  date: number;
  /** Seconds after which they are sent again, and again; undefined: once. */
  repeatPeriod: number | undefined;
}

/** Messages that are sent later. */
export interface Scheduled {
  /**
   * Keeps messages until their time. A repeat finds what the first call did.
   * @throws RpcError SCHEDULE_DATE_INVALID, SCHEDULE_DATE_TOO_LATE, SCHEDULE_STATUS_PRIVATE, SCHEDULE_TOO_MUCH, RANDOM_ID_DUPLICATE
   */
  doSchedule(peer: ResolvedPeer, outgoing: Omit<Outgoing, 'peerId'>, schedule: Schedule): Promise<ScheduledRow[]>;
  /** @throws RpcError MESSAGE_ID_INVALID, and for date and length as {@link doSchedule} */
  doEdit(peer: ResolvedPeer, edit: ScheduledEdit): Promise<ScheduledRow>;
  /** Sends now what was meant for later. @throws RpcError MESSAGE_ID_INVALID, and what a send throws */
  doSendNow(peer: ResolvedPeer, ownerId: bigint, msgIds: readonly number[], origin: Origin | undefined): Promise<ScheduledSent>;
  doDelete(ownerId: bigint, peerId: bigint, msgIds: readonly number[], origin: Origin | undefined): Promise<tl.updateDeleteScheduledMessages>;
  /** What waits for a peer: all, or these ids; latest first. */
  list(ownerId: bigint, peerId: bigint, msgIds?: readonly number[]): Promise<ScheduledRow[]>;
  has(ownerId: bigint, peerId: bigint): Promise<boolean>;
  readonly jobKinds: readonly JobKind[];
}

/** What changes of a message that waits. */
export interface ScheduledEdit {
  ownerId: bigint;
  msgId: number;
  text: FormattedText | undefined;
  /** Absent: the media stay. */
  media?: tl.messageMediaWebPage;
  noWebpage: boolean;
  invertMedia: boolean;
  schedule: Schedule;
  origin: Origin | undefined;
}

/** How a message leaves; see `Messages.doSendOutgoing`. */
type Send = (peer: ResolvedPeer, outgoing: Omit<Outgoing, 'peerId'>) => Promise<MessageRow[]>;

/** A scheduled message as its owner sees it: a message dated when it will be sent, outgoing also in Saved Messages. Pure. */
export function projectScheduled(row: ScheduledRow): tl.Message {
  const { schedule_date: date, random_id: globalId, repeat_period: period, ...rest } = row;
  const message = projectMessage({ ...rest, date, global_id: globalId, from_id: row.owner_id, pts: 0, ttl_period: null });
  return message._ === 'message' ? { ...message, out: true, schedule_repeat_period: period ?? undefined } : message;
}

/** Checks that all that waits for one peer fits into one answer. @throws RpcError SCHEDULE_TOO_MUCH */
function checkRoom(rows: readonly ScheduledRow[]): void {
  if (rows.length > PEER_MAX || rows.reduce((sum, row) => sum + bytesOfRow(row), 0) > PEER_BYTES) throw rpcError('SCHEDULE_TOO_MUCH');
}

/** Makes the subject of scheduled messages over the one function that sends. */
export function createScheduled(deps: MessagingDeps, send: Send): Scheduled {
  const { db, clock } = deps;

  const sendJob = defineJobKind<{ ownerId: bigint; peerId: bigint; msgId: number; scheduleDate: number }>({
    kind: 'send-scheduled',
    codec: jsonCodec(),
    // What is sent early cannot be taken back, and a series would go on in the far future.
    clockNeed: 'steady',
    async run({ ownerId, peerId, msgId, scheduleDate }) {
      const [row] = await findScheduled(db.q, ownerId, peerId, [msgId]);
      // Sent, deleted, or put off since.
      if (row?.schedule_date === scheduleDate) await sendAlone(row);
    },
  });

  /** The peer as it is now; undefined when it is no more. */
  const findPeer = async (ownerId: bigint, peerId: bigint): Promise<ResolvedPeer | undefined> => {
    const row = (await deps.users.findRows([peerId])).get(peerId);
    return row && { kind: 'user', userId: peerId, peerId, isSelf: peerId === ownerId, row };
  };

  /** Sends one message whose time has come; one that can no longer be sent is dropped. */
  const sendAlone = async (row: ScheduledRow): Promise<void> => {
    const { owner_id: ownerId, peer_id: peerId, msg_id: msgId } = row;
    const peer = await findPeer(ownerId, peerId);
    let sent: MessageRow[] = [];
    try {
      if (peer) sent = await sendRow(peer, row, undefined);
    } catch (error) {
      if (!(error instanceof RpcError) || error.code >= 500) throw error;
    }
    await drop(ownerId, peerId, [msgId], undefined, sent);
  };

  const sendRow = async (peer: ResolvedPeer, row: ScheduledRow, origin: Origin | undefined): Promise<MessageRow[]> => {
    const { replyTo: quote, ...extra } = unpackMessageExtra(row.extra);
    const part = { randomId: row.random_id, text: row.text, flags: row.flags | MessageFlag.fromScheduled, extra, previewsLinks: (row.flags & MessageFlag.noWebpage) === 0 && extra.fwdFrom === undefined, savedPeerId: row.saved_peer_id ?? undefined };
    const outgoing = { senderId: row.owner_id, parts: [part], origin };
    if (row.reply_to_msg_id === null) return send(peer, outgoing);
    try {
      return await send(peer, { ...outgoing, reply: { msgId: row.reply_to_msg_id, quote } });
    } catch (error) {
      // What it replied to was deleted meanwhile.
      if (error instanceof RpcError && error.text === 'REPLY_MESSAGE_ID_INVALID') return send(peer, outgoing);
      throw error;
    }
  };

  /** Keeps messages; the box is open. */
  const keep = async (tx: Tx, boxes: Boxes, rows: readonly ScheduledRow[], origin: Origin | undefined): Promise<void> => {
    if (rows.length > 0) await insertScheduled(tx, rows);
    for (const row of rows) {
      if (row.schedule_date !== UNTIL_ONLINE_DATE) await tx.job(orderOf(row));
      boxes.addUpdate(row.owner_id, 0, clock.now(), origin, () => ({ _: 'updateNewScheduledMessage', message: projectScheduled(row) }));
    }
  };

  /** Of messages that come again, the next ones. Those whose time passed while nobody was there are left out. */
  const renew = async (tx: Tx, ownerId: bigint, rows: readonly ScheduledRow[]): Promise<ScheduledRow[]> => {
    const repeated = rows.filter((row) => row.repeat_period !== null);
    if (repeated.length === 0) return [];
    const ids = await takeScheduledIds(tx, ownerId, repeated.length);
    return repeated.map((row, index) => {
      const period = row.repeat_period!;
      const passed = Math.max(0, Math.floor((clock.now() - row.schedule_date) / period));
      return { ...row, msg_id: ids[index]!, random_id: deps.random.int63(), schedule_date: row.schedule_date + (passed + 1) * period, edit_date: null };
    });
  };

  /** Takes messages away, tells the owner's devices what became of them, and keeps those that were sent and come again. */
  const drop = (
    ownerId: bigint,
    peerId: bigint,
    msgIds: readonly number[],
    origin: Origin | undefined,
    sent: readonly MessageRow[],
  ): Promise<tl.updateDeleteScheduledMessages> =>
    deps.writeBoxes('drop-scheduled', [ownerId], async (tx, boxes, date) => {
      const removed = await removeScheduled(tx, ownerId, peerId, msgIds);
      const messages = removed.map((row) => row.msg_id);
      const update: tl.updateDeleteScheduledMessages = {
        _: 'updateDeleteScheduledMessages',
        peer: unmarkPeer(peerId),
        messages: sent.length > 0 ? [...msgIds] : messages,
        sent_messages: sent.length > 0 ? sent.map((row) => row.msg_id) : undefined,
      };
      if (messages.length > 0) boxes.addUpdate(ownerId, 0, date, origin, () => update);
      // Told to all devices: the answer to a call speaks of those that were sent.
      await keep(tx, boxes, sent.length > 0 ? await renew(tx, ownerId, removed) : [], undefined);
      return update;
    });

  const checkSchedule = async (ownerId: bigint, peer: ResolvedPeer, { date: scheduleDate, repeatPeriod }: Schedule): Promise<void> => {
    const canRepeat = repeatPeriod === undefined || (scheduleDate !== UNTIL_ONLINE_DATE && REPEAT_PERIODS.has(repeatPeriod));
    if (!canRepeat) throw rpcError('SCHEDULE_DATE_INVALID');
    if (scheduleDate === UNTIL_ONLINE_DATE) {
      if (peer.isSelf) throw rpcError('SCHEDULE_DATE_INVALID');
      if (peer.row.online_date === 0 || !(await deps.users.isOnlineShown(ownerId, peer.userId))) throw rpcError('SCHEDULE_STATUS_PRIVATE');
      return;
    }
    if (scheduleDate <= clock.now()) throw rpcError('SCHEDULE_DATE_INVALID');
    if (scheduleDate > clock.now() + YEAR_S) throw rpcError('SCHEDULE_DATE_TOO_LATE');
  };

  /** At the time, the job sends it; until the receiver is online, the recurring one. */
  const orderOf = (row: ScheduledRow) =>
    sendJob.order(row.owner_id, { ownerId: row.owner_id, peerId: row.peer_id, msgId: row.msg_id, scheduleDate: row.schedule_date }, row.schedule_date * 1000);

  return {
    async doSchedule(peer, { senderId: ownerId, parts, reply, clearsDraft, origin }, schedule) {
      await checkSchedule(ownerId, peer, schedule);
      await deps.sendLimits.check(ownerId, peer, parts.length);
      return deps.writeBoxes('schedule-messages', [ownerId], async (tx, boxes, date) => {
        const earlier = await findScheduledBy(tx, ownerId, parts.map((part) => part.randomId));
        if (earlier.length === parts.length && earlier.every((row) => row.peer_id === peer.peerId)) {
          return parts.map((part) => earlier.find((row) => row.random_id === part.randomId)!);
        }
        const sent = await findSendKeys(tx, parts.map(({ randomId }) => ({ owner: ownerId, randomId })));
        if (earlier.length > 0 || sent.size > 0) throw rpcError('RANDOM_ID_DUPLICATE');
        const waiting = await findScheduled(tx.q, ownerId, peer.peerId);
        const ids = await takeScheduledIds(tx, ownerId, parts.length);
        const rows = parts.map((part, index): ScheduledRow => ({
          owner_id: ownerId,
          peer_id: peer.peerId,
          msg_id: ids[index]!,
          random_id: part.randomId,
          schedule_date: schedule.date,
          edit_date: null,
          flags: part.flags,
          reply_to_msg_id: reply?.msgId ?? null,
          saved_peer_id: peer.isSelf ? (part.savedPeerId ?? ownerId) : null,
          text: part.text,
          extra: packMessageExtra({ ...part.extra, replyTo: reply?.quote }),
          repeat_period: schedule.repeatPeriod ?? null,
        }));
        checkRoom([...waiting, ...rows]);
        await keep(tx, boxes, rows, origin);
        if (clearsDraft) await clearDrafts(tx, boxes, [{ senderId: ownerId, peerId: peer.peerId, origin }], date);
        return rows;
      });
    },
    async doEdit(peer, { ownerId, msgId, text, media, noWebpage, invertMedia, schedule, origin }) {
      const { date: scheduleDate } = schedule;
      await checkSchedule(ownerId, peer, schedule);
      return deps.writeBoxes('edit-scheduled', [ownerId], async (tx, boxes, date) => {
        const [row] = await findScheduled(tx.q, ownerId, peer.peerId, [msgId]);
        if (row === undefined) throw rpcError('MESSAGE_ID_INVALID');
        const edited: ScheduledRow = { ...row, schedule_date: scheduleDate, repeat_period: schedule.repeatPeriod ?? null };
        const extra = unpackMessageExtra(row.extra);
        if (text !== undefined || media !== undefined) {
          const { text: words, entities } = text ?? { text: row.text, entities: extra.entities };
          const set = (noWebpage ? MessageFlag.noWebpage : 0) | (invertMedia ? MessageFlag.invertMedia : 0);
          edited.text = words;
          edited.flags = (row.flags & ~(MessageFlag.noWebpage | MessageFlag.invertMedia)) | set;
          edited.extra = packMessageExtra({ ...extra, entities, media: editMedia(deps.random, extra.media, media, { media }, { sentDate: scheduleDate, nowDate: date }) });
          edited.edit_date = date;
        }
        const others = (await findScheduled(tx.q, ownerId, peer.peerId)).filter((one) => one.msg_id !== msgId);
        checkRoom([...others, edited]);
        await updateScheduled(tx, edited);
        if (scheduleDate !== row.schedule_date && scheduleDate !== UNTIL_ONLINE_DATE) await tx.job(orderOf(edited));
        boxes.addUpdate(ownerId, 0, date, origin, () => ({ _: 'updateNewScheduledMessage', message: projectScheduled(edited) }));
        return edited;
      });
    },
    async doSendNow(peer, ownerId, msgIds, origin) {
      const rows = await findScheduled(db.q, ownerId, peer.peerId, msgIds);
      if (rows.length === 0 || rows.length !== new Set(msgIds).size) throw rpcError('MESSAGE_ID_INVALID');
      const inOrder = rows.toReversed();
      const sent: MessageRow[] = [];
      for (const row of inOrder) sent.push(...(await sendRow(peer, row, origin)));
      const update = await drop(ownerId, peer.peerId, inOrder.map((row) => row.msg_id), origin, sent);
      return { update, rows: sent };
    },
    doDelete: (ownerId, peerId, msgIds, origin) => drop(ownerId, peerId, msgIds, origin, []),
    list: (ownerId, peerId, msgIds) => findScheduled(db.q, ownerId, peerId, msgIds),
    has: (ownerId, peerId) => hasScheduled(db.q, ownerId, peerId),
    jobKinds: [
      sendJob,
      defineRecurringJob({
        kind: 'send-when-online',
        everyMs: AWAITED_EVERY_MS,
        async run({ signal }) {
          for (let rows: ScheduledRow[] | undefined; rows === undefined || rows.length === AWAITED_SLICE; ) {
            rows = await listAwaited(db.q, { untilOnline: UNTIL_ONLINE_DATE, nowDate: clock.now(), limit: AWAITED_SLICE, after: rows?.at(-1) });
            for (const row of rows) {
              signal.throwIfAborted();
              // Sending it tells its author that the receiver is online. It waits while the receiver does not show them that.
              if (await deps.users.isOnlineShown(row.owner_id, row.peer_id)) await sendAlone(row);
            }
          }
        },
      }),
    ],
  };
}
