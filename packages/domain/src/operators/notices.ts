import { SERVICE_USER_IDS } from '@aerogram/cluster';
import type { Clock } from '@aerogram/runtime';
import { type Database, defineJobKind, type JobKind, jsonCodec, type NewJob, NOBODY, type Tx } from '@aerogram/storage';

import { type FormattedText, MESSAGE_LENGTH_MAX, withDetected } from '../messages/index.ts';
import { findUserRows } from '../peers/index.ts';
import type { ServiceChat } from '../service/index.ts';
import { isLongerThan, isVisibleText, removeMarks } from '../shared/index.ts';
import { countNoticeReceivers, hasManyJobs, insertNotice, listNoticeReceivers, lockNotice, saveNoticeProgress } from './notices-store.ts';
import { noteOperator } from './operator-log-store.ts';

/** How many accounts get a notice in one step. */
export const NOTICE_SLICE = 50;

/** Pause between two steps, in milliseconds: what people do themselves must not wait for a notice. */
export const NOTICE_PAUSE_MS = 500;

/** While so many messages of the service chat wait, no more are ordered. */
const WAITING_MAX = 4 * NOTICE_SLICE;

/** The part of a notice that stands in the operator log, in UTF-16 units. */
const EXCERPT_MAX = 100;

type SliceJob = ReturnType<typeof defineSlice>;

function defineSlice(run: (noticeId: bigint, done: (tx: Tx) => Promise<void>) => Promise<void>) {
  return defineJobKind<{ noticeId: bigint }>({ kind: 'notice-slice', codec: jsonCodec(), run: ({ noticeId }, { done }) => run(noticeId, done) });
}

const ordered = defineSlice(() => Promise.resolve());

const slice = (job: SliceJob, noticeId: bigint, delayMs: number): NewJob => ({ ...job.order(NOBODY, { noticeId }), delayMs });

/** The text as it is stored. @throws Error in words if it is empty or too long */
export function checkedNotice(text: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  const clean = removeMarks(text.replaceAll('\r\n', '\n').replaceAll(/[\u0000-\u0008\u000b-\u001f\p{Cs}]/gu, ' ')).trim();
  if (!isVisibleText(clean)) throw new Error('a notice has a text');
  if (isLongerThan(clean, MESSAGE_LENGTH_MAX)) throw new Error(`a notice has at most ${MESSAGE_LENGTH_MAX} characters; this one has ${Array.from(clean).length}`);
  return clean;
}

/** A notice in the form of a message: only plain links are marked in it. Pure. */
function formatNotice(text: string): FormattedText {
  return { text, entities: withDetected(text, []).filter(({ _ }) => _ === 'messageEntityUrl') };
}

/** The beginning of a notice, in one line. Pure. */
export function excerptOf(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ');
  return line.length <= EXCERPT_MAX ? line : `${line.slice(0, EXCERPT_MAX).replace(/[\ud800-\udbff]$/, '')}…`;
}

/**
 * Orders, in a transaction, that everybody or one account gets a text in the service chat, and records it.
 * @param notice.text as {@link checkedNotice} returned it
 * @param notice.userId undefined: all accounts of people that exist now
 * @returns its id, and for how many accounts it is
 */
export async function orderNoticeIn(tx: Tx, { text, userId }: { text: string; userId?: bigint | undefined }, nowDate: number): Promise<{ noticeId: bigint; total: number }> {
  const total = userId === undefined ? await countNoticeReceivers(tx, nowDate) : 1;
  const noticeId = await insertNotice(tx, { date: nowDate, text, to_user_id: userId ?? null, total });
  await noteOperator(tx, `send notice ${noticeId} to ${userId === undefined ? 'everybody' : `account ${userId}`}: ${excerptOf(text)}`, nowDate);
  await tx.job(slice(ordered, noticeId, 0));
  return { noticeId, total };
}

/**
 * Orders that everybody or one account gets a text in the service chat. The running server, or the next one that starts, delivers it in steps.
 * @throws Error in words if the text is empty or too long, or the account cannot be written to
 */
export async function orderNotice(db: Database, notice: { text: string; userId?: bigint | undefined }, nowDate: number): Promise<{ noticeId: bigint; total: number }> {
  const { userId } = notice;
  const text = checkedNotice(notice.text);
  return db.transact('order-notice', async (tx) => {
    const row = userId === undefined ? undefined : (await findUserRows(tx, [userId])).get(userId);
    if (userId !== undefined && (row === undefined || row.deleted || row.bot || row.elsewhere || SERVICE_USER_IDS.has(userId))) throw new Error(`account ${userId} has no service chat`);
    return orderNoticeIn(tx, { text, userId }, nowDate);
  });
}

/** Keeps a notice from those who do not have it yet, and records that. @returns whether there were any */
export function stopNotice(db: Database, noticeId: bigint, nowDate: number): Promise<boolean> {
  return db.transact('stop-notice', async (tx) => {
    const notice = await lockNotice(tx, noticeId);
    if (notice === undefined || notice.done_date !== null) return false;
    await saveNoticeProgress(tx, noticeId, { done_date: nowDate });
    await noteOperator(tx, `stop notice ${noticeId} after ${notice.sent} of ${notice.total} accounts`, nowDate);
    return true;
  });
}

/**
 * The job that delivers notices. Each run orders the messages of some accounts and its own next run in the transaction that completes it, so that after a crash
 * nobody is left out and nobody gets a notice twice.
 */
export function createNoticeJob({ db, clock, serviceChat }: { db: Database; clock: Pick<Clock, 'now'>; serviceChat: Pick<ServiceChat, 'order' | 'jobKind'> }): JobKind {
  const job: SliceJob = defineSlice((noticeId, done) =>
    db.transact('order-notice-slice', async (tx) => {
      await done(tx);
      const notice = await lockNotice(tx, noticeId);
      if (notice === undefined || notice.done_date !== null) return;
      const next = slice(job, noticeId, NOTICE_PAUSE_MS);
      if (await hasManyJobs(tx, serviceChat.jobKind.kind, WAITING_MAX)) return tx.job(next);
      const { date, text, to_user_id: toId, last_user_id: afterId } = notice;
      const userIds = toId === null ? await listNoticeReceivers(tx, { date, afterId, limit: NOTICE_SLICE }) : [toId];
      for (const userId of userIds) await serviceChat.order(tx, userId, formatNotice(text));
      const isDone = toId !== null || userIds.length < NOTICE_SLICE;
      await saveNoticeProgress(tx, noticeId, { sent: notice.sent + userIds.length, last_user_id: userIds.at(-1) ?? afterId, done_date: isDone ? clock.now() : null });
      if (!isDone) await tx.job(next);
    }),
  );
  return job;
}
