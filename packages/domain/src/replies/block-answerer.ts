import { rpcError } from '@aerogram/errors';
import type { NewJob, Tx } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import type { Blocks } from '../contacts/index.ts';
import type { Boxes, BoxWriter, MessageRow, Origin } from '../events/index.ts';
import { findMessage, removeAndLog, removeMessages } from '../messages/index.ts';
import type { Reports } from '../moderation/index.ts';
import { REPLIES_CHAT_ID } from '../peers/index.ts';
import { listAnswersOf } from './replies-store.ts';

/** Maximum number of messages that one transaction deletes. */
const SLICE = 500;

/** What somebody wants who blocks the author of an answer. */
export interface AnswererBlock {
  ownerId: bigint;
  /** A message in the chat with Replies. */
  msgId: number;
  /** Delete the message. */
  deletesMessage: boolean;
  /** Delete everything in the chat from the same peer. */
  deletesAll: boolean;
  reportsSpam: boolean;
  origin: Origin | undefined;
}

/** Answers that are to be deleted: all of one peer up to a message. */
export interface DoomedAnswers {
  /** Marked. */
  answererId: bigint;
  maxId: number;
}

/** What the caller learns of a block. */
export interface BlockedAnswerer {
  updates: tl.Update[];
  pts: number;
  /** How many messages were deleted. */
  ptsCount: number;
}

/** What {@link blockAnswerer} needs. */
export interface BlockAnswererDeps extends Pick<BoxWriter, 'writeBoxes'> {
  blocks: Pick<Blocks, 'blockIn'>;
  reports: Pick<Reports, 'reportIn'>;
  /** Orders that the rest of the answers is deleted. */
  orderRest(ownerId: bigint, doomed: DoomedAnswers): NewJob;
}

/**
 * Blocks whoever has written an answer that was brought to the owner, and does what else the owner wishes, all or nothing. Of many messages a slice is deleted at
 * once and the rest by a job.
 * @throws RpcError 400 MSG_ID_INVALID for anything but an answer
 */
export function blockAnswerer(deps: BlockAnswererDeps, { ownerId, msgId, deletesMessage, deletesAll, reportsSpam, origin }: AnswererBlock): Promise<BlockedAnswerer> {
  return deps.writeBoxes('block-answerer', [ownerId], async (tx, boxes, date) => {
    const row = await findMessage(tx.q, ownerId, msgId);
    const answererId = row?.peer_id === REPLIES_CHAT_ID ? row.saved_peer_id : null;
    if (row === undefined || answererId === null) throw rpcError('MSG_ID_INVALID');
    const updates: tl.Update[] = [await deps.blocks.blockIn({ tx, boxes, date }, { ownerId, peerId: answererId, origin })];
    if (reportsSpam) await deps.reports.reportIn(tx, reportOf(row, answererId));
    const all = deletesAll ? await listAnswersOf(tx, { ownerId, answererId }, SLICE + 1) : [];
    const doomed = deletesMessage || deletesAll ? [...new Set([msgId, ...all])].slice(0, SLICE) : [];
    if (all.length > SLICE) await tx.job(deps.orderRest(ownerId, { answererId, maxId: all[0]! }));
    const messages = await removeAnswers(tx, boxes, { ownerId, msgIds: doomed, date, origin });
    const pts = boxes.pts(ownerId);
    if (messages.length > 0) updates.push({ _: 'updateDeleteMessages', messages, pts, pts_count: messages.length });
    return { updates, pts, ptsCount: messages.length };
  });
}

/** Deletes a slice of the answers of one peer. @returns whether more are left */
export function deleteAnswers({ writeBoxes }: Pick<BoxWriter, 'writeBoxes'>, ownerId: bigint, doomed: DoomedAnswers): Promise<boolean> {
  return writeBoxes('delete-answers', [ownerId], async (tx, boxes, date) => {
    const found = await listAnswersOf(tx, { ownerId, ...doomed }, SLICE + 1);
    await removeAnswers(tx, boxes, { ownerId, msgIds: found.slice(0, SLICE), date, origin: undefined });
    return found.length > SLICE;
  });
}

async function removeAnswers(tx: Tx, boxes: Boxes, { ownerId, msgIds, date, origin }: { ownerId: bigint; msgIds: readonly number[]; date: number; origin: Origin | undefined }): Promise<number[]> {
  const removed = msgIds.length === 0 ? [] : await removeMessages(tx, ownerId, msgIds);
  await removeAndLog(tx, boxes, { ownerId, removed, places: new Map(), keepsDialog: false, origin, date });
  return removed.map((row) => row.msg_id).sort((a, b) => a - b);
}

/** The report names the peer that has answered as the author, not the account that brought the answer. */
function reportOf(row: MessageRow, answererId: bigint): Parameters<Reports['reportIn']>[1] {
  return { ownerId: row.owner_id, peerId: answererId, messages: [{ ...row, from_id: answererId }], reason: 'spam', comment: '' };
}
